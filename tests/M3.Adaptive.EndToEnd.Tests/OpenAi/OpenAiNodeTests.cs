using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.EndToEnd.Tests.StockClients;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.OpenAi;

/// <summary>The npm package openai against the service: the example of protos/README.md, and a client that also goes wrong.</summary>
[Collection(ServiceCollection.Name)]
public sealed class OpenAiNodeTests(RunningService service) : IAsyncLifetime
{
    private string _installed = "";

    public async Task InitializeAsync() => _installed = await NodePackages.InstallAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Client_PlainStreamedAndWrong_GetsWhatItAsksFor()
    {
        var ended = await Finished.RunAsync("node", ["openai.mjs", Address, Model, service.Picture], _installed);

        Assert.True(ended.ExitCode == 0, ended.Error);
        var json = ended.Json;
        Assert.Equal((string?)json["plain"]?["text"], (string?)json["streamed"]?["text"]);
        Assert.Equal((36, 36), ((int?)json["plain"]?["imageTokens"], (int?)json["streamed"]?["imageTokens"]));
        Assert.Equal((36, 9), ((int?)json["plain"]?["charged"], (int?)json["onThePart"]?["charged"]));
        Assert.Equal((400, "min_visual_tokens"), ((int?)json["contradiction"]?["status"], (string?)json["contradiction"]?["param"]));
        Assert.Equal((404, "model_not_found"), ((int?)json["unknownModel"]?["status"], (string?)json["unknownModel"]?["code"]));
    }

    [Fact]
    public async Task Example_InTheReadme_Runs()
    {
        var code = ReadmeExample.Of("js")[1]
            .Replace("http://127.0.0.1:50052", Address)
            .Replace("'m3-nano'", $"'{Model}'")
            .Replace(ReadmeExample.Picture, Path.Combine(RepositoryRoot.Path, ReadmeExample.Picture));
        await File.WriteAllTextAsync(Path.Combine(_installed, "openai-example.mjs"), code);

        var ended = await Finished.RunAsync("node", ["openai-example.mjs"], _installed);

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("charged 144", ended.Output, StringComparison.Ordinal);
    }

    private string Address => service.WebAddress.GetLeftPart(UriPartial.Authority);

    private string Model => Path.GetFileName(service.ModelFolder);
}
