using System.CommandLine;
using System.CommandLine.Help;

namespace M3.Adaptive.Service.Hosting;

/// <summary>What is wrong with the command line, in one line instead of the parser's whole help text.</summary>
internal static class UsageError
{
    private const string TypeName = " as expected type ";

    /// <summary>Null when nothing is wrong, or when help is asked for.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction) return null;
        var message = parsed.Errors[0].Message;
        var type = message.IndexOf(TypeName, StringComparison.Ordinal);             // the parser names a .NET type where it means a number
        return $"{(type < 0 ? message : $"{message[..type]}: it takes a number.")} See ./m3 serve --help.";
    }
}
