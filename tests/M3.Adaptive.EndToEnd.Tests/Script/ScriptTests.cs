using System.Text.RegularExpressions;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.Script;

/// <summary>What <c>./m3</c> itself decides. Nothing here builds: these tests run from what they would build.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Commands =
        ["demo", "test", "format", "serve", "ask", "status", "data", "train", "label", "predictor", "eval", "inspect", "bench"];

    [Fact]
    public async Task Help_Asked_ListsEveryCommand()
    {
        var ended = await RunAsync("--help");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.All(Commands, command => Assert.Contains($"./m3 {command}", ended.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readme_EveryCommandInIt_IsOneOfTheScript()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "README.md"));

        var named = Regex.Matches(readme, @"\./m3 ([a-z]+)").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("demo", named);
        Assert.Contains("test", named);
        Assert.Empty(named.Except(Commands));
    }

    [Theory]
    [InlineData("unheard-of")]
    [InlineData("test --unheard-of")]
    [InlineData("test --filter")]
    [InlineData("format --unheard-of")]
    public async Task WrongUse_IsOneLineAndExitCode2(string arguments)
    {
        var ended = await RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task UnknownTorchBackend_IsOneLineAndExitCode2BeforeAnythingIsBuilt()
    {
        var ended = await Finished.RunAsync(
            Path.Combine(RepositoryRoot.Path, "m3"), ["status"], environment: new Dictionary<string, string?> { ["TorchBackend"] = "unheard-of" });

        Assert.Equal((2, "m3: TorchBackend is cpu or cuda, not 'unheard-of'\n"), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task NoCommand_ShowsTheListAndFails()
    {
        var ended = await RunAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("./m3 demo", ended.Error, StringComparison.Ordinal);
    }

    private static Task<Finished> RunAsync(params string[] arguments) => Finished.RunAsync(Path.Combine(RepositoryRoot.Path, "m3"), arguments);
}
