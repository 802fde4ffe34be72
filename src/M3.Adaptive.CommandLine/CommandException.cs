namespace M3.Adaptive.CommandLine;

/// <summary>Ends a command: one line on standard error that says what is wrong and what to do, and the exit code.</summary>
/// <param name="message">The line, without the program's name before it.</param>
/// <param name="code">One of <see cref="ExitCode"/>.</param>
/// <param name="cause">What was caught, if anything was.</param>
public sealed class CommandException(string message, int code = ExitCode.WrongUse, Exception? cause = null) : Exception(message, cause)
{
    public int Code { get; } = code;
}
