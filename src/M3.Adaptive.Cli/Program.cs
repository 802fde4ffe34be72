using System.CommandLine;
using System.CommandLine.Help;
using M3.Adaptive.Cli.Commands;

var root = new Command("./m3", "Client of M3.Adaptive: questions about pictures, each at the number of visual tokens that it needs.")
{
    AskCommand.Create(),
    DemoCommand.Create(),
    StatusCommand.Create(),
    new HelpOption { Recursive = true },
};

var parsed = root.Parse(args);
if (UsageError.Of(parsed) is { } error)
{
    Console.Error.WriteLine($"m3: {error}");
    return ExitCode.WrongUse;
}

return await parsed.InvokeAsync();
