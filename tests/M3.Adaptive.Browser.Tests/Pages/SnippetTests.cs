using Google.Protobuf;
using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The request of the playground as programs send it, copied from the page and run.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class SnippetTests(OpenService service)
{
    /// <summary>A question that has whatever must be quoted somewhere.</summary>
    public const string Nasty = """ "></textarea><script>document.title='taken'</script><img src=x onerror="document.title='taken'"> $HOME `id` 'x' \ """;

    private static readonly string Samples = Path.GetDirectoryName(OpenService.Sample("bars.png")) ?? "";

    [Theory]
    [InlineData("curl", "bash")]
    [InlineData("python", "python3")]
    public async Task Request_ForAnInterpreter_RunsAsItStands(string language, string program)
    {
        var copied = await AskAndCopyAsync(language);

        var ended = await Finished.RunAsync(program, ["-c", copied.Request], Samples);

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains(copied.Answer, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ForGrpcUrl_IsOneOfTheContract()
    {
        // No package source has grpcurl: this one tells what it is given.
        const string Teller = "grpcurl() { echo \"$@\" >&2; cat; }\n";
        var copied = await AskAndCopyAsync("grpcurl");

        var ended = await Finished.RunAsync("bash", ["-c", Teller + copied.Request], Samples, new Dictionary<string, string?> { ["M3_KEY"] = "key" });

        Assert.Equal($"-plaintext -H authorization: Bearer key -d @ {service.Process.Address.Authority} m3.adaptive.v1.AdaptiveService/Generate", ended.Error.Trim());
        Assert.NotNull(AdaptiveService.Descriptor.FindMethodByName("Generate"));
        var answer = await service.Process.Client.GenerateAsync(JsonParser.Default.Parse<GenerateRequest>(ended.Output));
        Assert.Equal(copied.Answer, answer.Text);
    }

    private async Task<(string Request, string Answer)> AskAndCopyAsync(string language)
    {
        await using var visit = await service.OpenAsync();
        await visit["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await Expect(visit[".file"]).ToHaveTextAsync("bars.png");
        await visit["#question"].FillAsync(Nasty);
        await visit["#ask"].ClickAsync();
        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();
        return (await visit[$"#copy-{language}"].TextContentAsync() ?? "", await visit["#answer"].TextContentAsync() ?? "no answer");
    }
}
