using System.Globalization;
using M3.Adaptive.CommandLine.Values;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Each event as one line: <c>2030-01-02 03:04:05.678 info: CATEGORY[ID] message exception</c>. What clients sent cannot leave it.</summary>
internal sealed class OneLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var message = entry.Formatter(entry.State, entry.Exception);
        var story = entry.Exception is { } exception ? $" {exception}" : "";
        textWriter.Write($"{time} {Level(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {Printable.Of(OnOneLine(message + story))}\n");
    }

    // Line ends of ours, in stack traces; nothing else is lost by them than the indentation.
    private static string OnOneLine(string text) => string.Join(' ', text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries));

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Nothing is logged at this level."),
    };
}
