using Xunit;

namespace M3.Adaptive.TestKit.Golden;

/// <summary>Files that once were handled wrongly, each with a note on what is expected: <c>shared/cases</c> beside the repository.</summary>
public static class CaseFolder
{
    private static string Root => Path.GetFullPath("../shared/cases", RepositoryRoot.Path);

    /// <summary>Absolute path of a file.</summary>
    /// <param name="relativePath">Folder of the case and name of the file.</param>
    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>Why tests of these files are left out here; null when they run.</summary>
    public static string? SkipReason => Directory.Exists(Root) ? null : $"No case files at {Root}.";
}

/// <summary>A theory about files of the <see cref="CaseFolder"/>; a clone without the folder skips it by name.</summary>
public sealed class CaseTheoryAttribute : TheoryAttribute
{
    public CaseTheoryAttribute() => Skip = CaseFolder.SkipReason;
}
