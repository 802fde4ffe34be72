using System.CommandLine;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine;

/// <summary>Runs a program's commands: whatever ends one becomes at most one line on standard error, and an exit code.</summary>
public static class CommandRunner
{
    // A question or the name of a package may begin with "@", which would otherwise name a file of further arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Gives a command its work. The token is cancelled by Ctrl-C and SIGTERM.</summary>
    /// <param name="whenInterrupted">What an interruption leaves behind, for the user; null says nothing about it.</param>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task> work, string? whenInterrupted = null) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                await work(parsed, cancellation);
                return ExitCode.Success;
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                if (whenInterrupted is not null) Say($"interrupted: {whenInterrupted}");
                return ExitCode.Interrupted;
            }
        });

    /// <summary>The same for work that keeps its thread: it is given one of its own, as signals are only heeded while the caller waits.</summary>
    public static void SetWork(this Command command, Action<ParseResult, CancellationToken> work, string? whenInterrupted = null) =>
        command.SetWork((parsed, cancellation) => Task.Run(() => work(parsed, cancellation), CancellationToken.None), whenInterrupted);

    /// <summary>Parses the arguments and runs the command that they name.</summary>
    /// <param name="root">The program, whose children are its commands.</param>
    /// <param name="explain">Tells what the user can do about an exception; null is a fault of the product, shown with its whole story.</param>
    /// <param name="timeToStop">How long interrupted work may take to end; null leaves signals to the work itself.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        this RootCommand root, IReadOnlyList<string> arguments, Func<Exception, CommandException?> explain, TimeSpan? timeToStop,
        CancellationToken cancellation = default)
    {
        root.HelpName = "./m3";
        StrictArguments.Apply(root);
        var parsed = root.Parse(arguments, Parser);
        try
        {
            UsageError.ThrowIfAny(parsed);
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            if (timeToStop is not { } time) return await parsed.InvokeAsync(invocation, cancellation);
            using var interruption = new Interruption(cancellation);
            var work = parsed.InvokeAsync(invocation, interruption.Token);
            await Task.WhenAny(work, interruption.OverdueAsync(time));
            return work.IsCompleted ? await work : ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            var known = exception as CommandException ?? explain(exception);
            Say(known is null ? $"{exception}" : Printable.Of(known.Message));
            return known?.Code ?? ExitCode.Failure;
        }
    }

    private static void Say(string text) => Console.Error.WriteLine($"m3: {text}");
}
