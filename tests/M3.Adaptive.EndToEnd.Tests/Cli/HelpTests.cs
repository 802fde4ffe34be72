using M3.Adaptive.EndToEnd.Tests.Processes;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

public sealed class HelpTests
{
    // Needs no such locale on the machine: the runtime goes by the name.
    private static readonly Dictionary<string, string?> InGerman = new() { ["LC_ALL"] = "de_DE.UTF-8", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };

    [Theory]
    [InlineData("ask", "--max-visual-tokens")]
    [InlineData("demo", "--count")]
    [InlineData("status", "--server")]
    [InlineData("outcome", "--reference")]
    [InlineData("load", "--rate")]
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
    [InlineData("load --rate 0")]
    [InlineData("demo --count x")]
    [InlineData("ask a.png what --timeout x")]
    [InlineData("ask a.png what --timeout 2d")]
    [InlineData("ask a.png what --scale 7")]
    public Task WrongUse_OfTheClient_IsOneLineAndExitCode2(string arguments) => AssertWrongUseAsync(BuiltProgram.Cli, arguments);

    [Theory]
    [InlineData("budget set somebody --limit 5 --soft x")]
    [InlineData("budget set somebody --limit 5 --soft 0")]
    [InlineData("budget set somebody --limit 5 --window x")]
    [InlineData("budget set somebody --limit 5 --window 0.5s")]
    [InlineData("--port x")]
    public Task WrongUse_OfTheService_IsOneLineAndExitCode2(string arguments) => AssertWrongUseAsync(BuiltProgram.Service, arguments);

    private static async Task AssertWrongUseAsync(string program, string arguments)
    {
        var ended = await Finished.RunAsync("dotnet", [program, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], environment: InGerman);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--help", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("erforderlich", ended.Error, StringComparison.Ordinal);
    }
}
