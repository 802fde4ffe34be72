using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>grpc-js under Node.js, installed by npm at the versions of the committed lock file, reading the committed contract itself.</summary>
[Collection(ServiceCollection.Name)]
public sealed class NodeClientTests(RunningService service) : StockClientTests(service), IAsyncLifetime
{
    private static readonly string Sources = Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "StockClients", "node");
    private static readonly string Installed = Path.Combine(RepositoryRoot.Path, "artifacts", "stock-clients", "node");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Installed);
        File.Copy(Path.Combine(Sources, "client.js"), Path.Combine(Installed, "client.js"), overwrite: true);
        if (IsInstalled) return;

        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Sources, file), Path.Combine(Installed, file), overwrite: true);
        }

        var installed = await Finished.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Installed);
        Assert.True(installed.ExitCode == 0, installed.Error);
    }

    [Fact]
    public async Task Example_InTheReadme_Runs()
    {
        var code = Assert.Single(ReadmeExample.Of("js"))
            .Replace("127.0.0.1:50051", Target)
            .Replace("'protos'", $"'{Path.Combine(RepositoryRoot.Path, "protos")}'")
            .Replace(ReadmeExample.Picture, Path.Combine(RepositoryRoot.Path, ReadmeExample.Picture));
        await File.WriteAllTextAsync(Path.Combine(Installed, "example.js"), code);

        var ended = await Finished.RunAsync("node", ["example.js"], Installed);

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("at most 144", ended.Output, StringComparison.Ordinal);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private protected override Task<Finished> RunAsync(string calls) =>
        Finished.RunAsync("node", ["client.js", Path.Combine(RepositoryRoot.Path, "protos"), Target, calls], Installed);

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
