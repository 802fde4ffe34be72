using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>grpc-js under Node.js, installed by npm at the versions of the committed lock file, reading the committed contract itself.</summary>
[Collection(ServiceCollection.Name)]
public sealed class NodeClientTests(RunningService service) : StockClientTests(service), IAsyncLifetime
{
    private string _installed = "";

    public async Task InitializeAsync() => _installed = await NodePackages.InstallAsync();

    [Fact]
    public async Task Example_InTheReadme_Runs()
    {
        var code = ReadmeExample.Of("js")[0]
            .Replace("127.0.0.1:50051", Target)
            .Replace("'protos'", $"'{Path.Combine(RepositoryRoot.Path, "protos")}'")
            .Replace(ReadmeExample.Picture, Path.Combine(RepositoryRoot.Path, ReadmeExample.Picture));
        await File.WriteAllTextAsync(Path.Combine(_installed, "example.js"), code);

        var ended = await Finished.RunAsync("node", ["example.js"], _installed);

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("at most 144", ended.Output, StringComparison.Ordinal);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private protected override Task<Finished> RunAsync(string calls) =>
        Finished.RunAsync("node", ["client.js", Path.Combine(RepositoryRoot.Path, "protos"), Target, calls], _installed);
}
