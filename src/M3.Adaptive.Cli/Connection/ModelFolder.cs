namespace M3.Adaptive.Cli.Connection;

/// <summary>The model that comes with the product.</summary>
internal static class ModelFolder
{
    private const string Embedded = "models/m3-nano";

    /// <summary><c>models/m3-nano</c> beside or above the program; else under the current folder, where its absence is reported.</summary>
    public static string Default { get; } = Find(AppContext.BaseDirectory) ?? Path.GetFullPath(Embedded);

    private static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Embedded);
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
