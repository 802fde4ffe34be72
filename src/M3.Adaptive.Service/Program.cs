using System.CommandLine;
using M3.Adaptive.Service.Hosting;

var parsed = ServeCommand.Create().Parse(["serve", .. args]);
if (UsageError.Of(parsed) is { } error)
{
    Console.Error.WriteLine($"m3: {error}");
    return ExitCode.WrongUse;
}

// The host itself answers SIGTERM and Ctrl-C, and takes the time that running answers need; the parser would cut them off.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
