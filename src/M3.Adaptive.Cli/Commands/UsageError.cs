using System.CommandLine;
using System.CommandLine.Help;

namespace M3.Adaptive.Cli.Commands;

/// <summary>What is wrong with a command line, in one line instead of the parser's several and the whole help text.</summary>
internal static class UsageError
{
    private const string TypeName = " as expected type ";

    /// <summary>Null when nothing is wrong, or when help is asked for.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction) return null;
        var what = parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is not understood here."
            : Plain(string.Join(' ', parsed.Errors[0].Message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
        return $"{what} See {Name(parsed.CommandResult.Command)} --help.";
    }

    // The parser names a .NET type where it means a number.
    private static string Plain(string message)
    {
        var type = message.IndexOf(TypeName, StringComparison.Ordinal);
        return type < 0 ? message : $"{message[..type]}: it takes a number.";
    }

    private static string Name(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Select(parent => parent.Name).Append(command.Name));
}
