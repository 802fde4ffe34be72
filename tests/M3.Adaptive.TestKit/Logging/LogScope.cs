using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.TestKit.Logging;

/// <summary>One event that was logged.</summary>
public sealed record LogEntry(string Category, LogLevel Level, int EventId, string Message, Exception? Exception);

/// <summary>Keeps what a test's subject logs. An error that the test has not announced fails the test when the scope ends.</summary>
public sealed class LogScope : ILoggerFactory, ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly HashSet<int> _expected = [];

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>Allows errors with this event id.</summary>
    public LogScope Expecting(int eventId)
    {
        _expected.Add(eventId);
        return this;
    }

    public ILogger<T> For<T>() => this.CreateLogger<T>();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("What is logged here is kept, not passed on.");

    /// <exception cref="InvalidOperationException">An error was logged that the test did not announce.</exception>
    public void Dispose()
    {
        var stray = _entries.Where(entry => entry.Level >= LogLevel.Error && !_expected.Contains(entry.EventId)).ToList();
        if (stray.Count > 0) throw new InvalidOperationException($"Unannounced errors were logged: {string.Join("; ", stray)}");
    }

    private sealed class Logger(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, formatter(state, exception), exception));
    }
}
