using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>Clients of the npm registry, installed at the versions of the committed lock file.</summary>
internal static class NodePackages
{
    private static readonly string Sources = Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "StockClients", "node");
    private static readonly string Installed = Path.Combine(RepositoryRoot.Path, "artifacts", "stock-clients", "node");
    private static readonly SemaphoreSlim Installing = new(1);

    /// <returns>The folder in which scripts find them, with the committed scripts in it.</returns>
    public static async Task<string> InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            Directory.CreateDirectory(Installed);
            foreach (var script in Directory.EnumerateFiles(Sources, "*.*js")) File.Copy(script, Path.Combine(Installed, Path.GetFileName(script)), overwrite: true);
            if (IsInstalled) return Installed;

            foreach (var file in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(Sources, file), Path.Combine(Installed, file), overwrite: true);
            var installed = await Finished.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Installed);
            Assert.True(installed.ExitCode == 0, installed.Error);
            return Installed;
        }
        finally
        {
            Installing.Release();
        }
    }

    // npm keeps its own lock file inside node_modules and writes it last.
    private static bool IsInstalled
    {
        get
        {
            var (wanted, present) = (Path.Combine(Sources, "package-lock.json"), Path.Combine(Installed, "package-lock.json"));
            return File.Exists(Path.Combine(Installed, "node_modules", ".package-lock.json"))
                && File.Exists(present) && File.ReadAllText(present) == File.ReadAllText(wanted);
        }
    }
}
