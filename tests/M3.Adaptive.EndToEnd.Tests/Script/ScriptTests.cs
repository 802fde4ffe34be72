using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.EndToEnd.Tests.Script;

/// <summary>What <c>./m3</c> itself decides. Nothing here builds: these tests run from what they would build.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Commands =
    [
        "demo", "test", "format", "serve", "playground", "ask", "status", "load", "outcome", "budget", "key", "decisions", "data", "train", "label", "predictor", "eval", "inspect", "bench",
    ];

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
    public async Task Version_Asked_IsOneLine()
    {
        var ended = await RunAsync("--version");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches(@"\Am3 [0-9]+\.[0-9]+\.[0-9]+ \(.+\)\n\z", ended.Output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [UnsupportedOSPlatform("windows")]
    public async Task Build_Interrupted_EndsAsShellsExpect(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(RepositoryRoot.Path, "m3"), folder.Combine("m3"));
        Directory.CreateDirectory(folder.Combine("bin"));
        // What a terminal does on Ctrl-C: the script and the build that it waits for are both signalled, and the build ends as one that failed.
        await File.WriteAllTextAsync(folder.Combine("bin", "dotnet"), $"#!/bin/sh\nkill -{signal} $PPID\nexit 1\n");
        File.SetUnixFileMode(folder.Combine("bin", "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var ended = await Finished.RunAsync(
            folder.Combine("m3"), ["status"],
            environment: new Dictionary<string, string?> { ["PATH"] = $"{folder.Combine("bin")}:{Environment.GetEnvironmentVariable("PATH")}" });

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.DoesNotContain("failed", ended.Error, StringComparison.Ordinal);
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
