namespace M3.Adaptive.Cli.Commands;

/// <summary>Ends a command: one line on standard error that says what is wrong and what to do, and the exit code.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCode.WrongUse) : Exception(message)
{
    public int Code { get; } = exitCode;
}
