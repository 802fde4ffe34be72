using M3.Adaptive.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Each event as one <see cref="LogLine"/>, its exception behind the message.</summary>
internal sealed class OneLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var story = entry.Exception is { } exception ? $" {exception}" : "";
        textWriter.Write($"{LogLine.Of(clock.GetUtcNow(), Level(entry.LogLevel), entry.Category, entry.EventId.Id, message + story)}\n");
    }

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
