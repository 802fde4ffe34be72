namespace M3.Adaptive.EndToEnd.Tests.Processes;

/// <summary>Where the build put the product: beside these tests, in the same configuration.</summary>
internal static class BuiltProgram
{
    public static string Service => Find("M3.Adaptive.Service");

    public static string Cli => Find("M3.Adaptive.Cli");

    /// <exception cref="FileNotFoundException">The project is not built.</exception>
    public static string Find(string project)
    {
        // artifacts/bin/PROJECT/CONFIGURATION/
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var file = Path.GetFullPath(Path.Combine(configuration.FullName, "..", "..", project, configuration.Name, $"{project}.dll"));
        return File.Exists(file) ? file : throw new FileNotFoundException("Build the solution first.", file);
    }
}
