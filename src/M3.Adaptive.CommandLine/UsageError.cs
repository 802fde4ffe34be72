using System.CommandLine;
using System.CommandLine.Help;

namespace M3.Adaptive.CommandLine;

/// <summary>What is wrong with a command line, in one line instead of the parser's several and the whole help text.</summary>
internal static class UsageError
{
    private const string TypeName = " as expected type ";

    /// <exception cref="CommandException">The arguments are wrong, and no help is asked for.</exception>
    public static void ThrowIfAny(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction) return;
        var what = parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is not understood here."
            : Plain(string.Join(' ', parsed.Errors[0].Message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
        throw new CommandException($"{what} See {Name(parsed.CommandResult.Command)} --help.");
    }

    // The parser names a .NET type where it means a number.
    private static string Plain(string message)
    {
        var type = message.IndexOf(TypeName, StringComparison.Ordinal);
        return type < 0 ? message : $"{message[..type]}: it takes a number.";
    }

    private static string Name(Command command) =>
        command is RootCommand root ? root.HelpName ?? root.Name : $"{Name(command.Parents.OfType<Command>().Single())} {command.Name}";
}
