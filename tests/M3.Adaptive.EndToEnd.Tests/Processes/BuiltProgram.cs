namespace M3.Adaptive.EndToEnd.Tests.Processes;

/// <summary>Where the build put the product's programs: beside these tests, in the same configuration.</summary>
internal static class BuiltProgram
{
    public static string Service { get; } = Find("M3.Adaptive.Service");

    public static string Cli { get; } = Find("M3.Adaptive.Cli");

    private static string Find(string name)
    {
        // artifacts/bin/PROJECT/CONFIGURATION/
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var file = Path.GetFullPath(Path.Combine(configuration.FullName, "..", "..", name, configuration.Name, $"{name}.dll"));
        return File.Exists(file) ? file : throw new FileNotFoundException("Build the solution first.", file);
    }
}
