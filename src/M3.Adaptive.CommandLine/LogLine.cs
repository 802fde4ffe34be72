using System.Globalization;
using System.Text.RegularExpressions;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine;

/// <summary>
/// How the service logs an event, <c>2030-01-02 03:04:05.678 info: CATEGORY[ID] message</c>, and how a program that started one finds among its
/// lines what its user is to know. What clients sent cannot leave the line.
/// </summary>
public static partial class LogLine
{
    /// <param name="level">Four letters: trce, dbug, info, warn, fail or crit.</param>
    public static string Of(DateTimeOffset time, string level, string category, int id, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var stamp = time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{stamp} {level}: {category}[{id}] {Printable.Of(OnOneLine(message))}";
    }

    /// <returns>The message of a warning or worse; null for any other line.</returns>
    public static string? FaultIn(string line) => Fault().Match(line) is { Success: true } fault ? fault.Groups["message"].Value : null;

    // Line ends of ours, in stack traces; nothing else is lost by them than the indentation.
    private static string OnOneLine(string text) => string.Join(' ', text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"\A[0-9-]+ [0-9:.]+ (warn|fail|crit): \S+\[-?[0-9]+\] (?<message>.*)\z")]
    private static partial Regex Fault();
}
