using Google.Protobuf;
using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Files;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The request of the playground as programs send it, copied from the page and run.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class SnippetTests(OpenService service) : IDisposable
{
    /// <summary>A question that has whatever must be quoted somewhere.</summary>
    public const string Nasty = """ "></textarea><script>document.title='taken'</script><img src=x onerror="document.title='taken'"> $HOME `id` 'x' \ """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);              // a build
    private static readonly string Samples = Path.GetDirectoryName(OpenService.Sample("bars.png")) ?? "";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
    public async Task Request_ForCSharp_IsAProgramAsItStands()
    {
        var copied = await AskAndCopyAsync("csharp");
        var built = AppContext.BaseDirectory;
        await File.WriteAllTextAsync(_folder.Combine("Program.cs"), copied.Request);
        await File.WriteAllTextAsync(_folder.Combine("copied.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>
              <ItemGroup><Reference Include="{built}M3.Adaptive.Client.dll;{built}M3.Adaptive.Contracts.dll;{built}Google.Protobuf.dll;{built}Grpc.Core.Api.dll" /></ItemGroup>
            </Project>
            """);

        var ended = await Finished.RunAsync("dotnet", ["run", "--project", _folder.Path], Samples, limit: Limit);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Equal(copied.Answer, ended.Output.Trim());
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
