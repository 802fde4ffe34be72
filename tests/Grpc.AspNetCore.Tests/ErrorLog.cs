using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Tests;

/// <summary>Keeps what is logged at error level or above.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>Takes the errors that a test expects.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = _errors.ToArray();
        _errors.Clear();
        return taken;
    }

    public void ThrowIfAny()
    {
        if (!_errors.IsEmpty) throw new InvalidOperationException($"Logged at error level: {string.Join("; ", _errors)}");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error) _errors.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose() { }
}
