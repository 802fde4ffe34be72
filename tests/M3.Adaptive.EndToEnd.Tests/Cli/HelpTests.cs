using M3.Adaptive.EndToEnd.Tests.Processes;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("ask", "--max-visual-tokens")]
    [InlineData("demo", "--count")]
    [InlineData("status", "--server")]
    public async Task Help_OfEveryClientCommand_NamesItsOptions(string command, string option)
    {
        var ended = await Finished.DotNetAsync(BuiltProgram.Cli, command, "--help");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains($"./m3 {command}", ended.Output, StringComparison.Ordinal);
        Assert.Contains(option, ended.Output, StringComparison.Ordinal);
        Assert.Contains("--json", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfServe_NamesItsOptions()
    {
        var ended = await Finished.DotNetAsync(BuiltProgram.Service, "--help");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.All(
            (string[])["./m3 serve", "--model", "--port", "--listen", "--threads"],
            word => Assert.Contains(word, ended.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("budget get", "--json")]
    [InlineData("budget set", "--window")]
    [InlineData("budget usage", "--json")]
    [InlineData("budget audit", "--json")]
    [InlineData("key create", "--tenant")]
    [InlineData("key list", "--json")]
    [InlineData("key revoke", "ID")]
    [InlineData("decisions export", "--format")]
    [InlineData("decisions import", "--from")]
    public async Task Help_OfEveryStoreCommand_NamesItsOptions(string command, string option)
    {
        var ended = await Finished.DotNetAsync([BuiltProgram.Service, .. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains($"./m3 {command}", ended.Output, StringComparison.Ordinal);
        Assert.Contains(option, ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unheard-of")]
    [InlineData("ask")]
    [InlineData("ask --unheard-of")]
    [InlineData("demo --count 0")]
    public async Task WrongUse_OfTheClient_IsOneLineAndExitCode2(string arguments)
    {
        var ended = await Finished.DotNetAsync([BuiltProgram.Cli, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--help", ended.Error, StringComparison.Ordinal);
    }
}
