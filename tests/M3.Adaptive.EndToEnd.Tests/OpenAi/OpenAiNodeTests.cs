using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.EndToEnd.Tests.StockClients;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Time;

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
    public async Task Fields_ThatThePackageKnows_AreAllKnown()
    {
        var types = await File.ReadAllTextAsync(Path.Combine(_installed, "node_modules", "openai", "resources", "chat", "completions", "completions.d.ts"));
        var fields = Field.Matches(types[types.IndexOf("interface ChatCompletionCreateParamsBase {", StringComparison.Ordinal)..].Split("\n}")[0]).Select(static field => field.Groups[1].Value).ToArray();
        var request = new JsonObject(fields.Select(static field => KeyValuePair.Create(field, (JsonNode?)null)));
        using var client = new HttpClient { BaseAddress = service.WebAddress };

        var refused = await (await client.PostAsJsonAsync("v1/chat/completions", request).Soon()).Content.ReadFromJsonAsync<JsonNode>();

        Assert.InRange(fields.Length, 30, 100);
        Assert.Equal("model: is missing; GET /v1/models lists what there is; messages: is missing; expected one message of role user, with a picture and a question", (string?)refused?["error"]?["message"]);
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

    private static Regex Field { get; } = new(@"^    (\w+)\??: ", RegexOptions.Multiline);

    private string Model => Path.GetFileName(service.ModelFolder);
}
