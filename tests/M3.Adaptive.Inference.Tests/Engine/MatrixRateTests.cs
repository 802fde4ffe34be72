using Microsoft.Extensions.Logging;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class MatrixRateTests
{
    [Fact]
    public void Start_SlowMatrixProducts_WarnsWithTheRemedy()
    {
        var log = new Messages();

        using var generator = new M3Generator(TinyModel.Load(), new() { Threads = 1 }, new StretchedTime(1000), log);

        var warning = Assert.Single(log.Written, entry => entry.Level == LogLevel.Warning);
        Assert.Contains("libopenblas0-pthread", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_Model_IsNamedWithItsRate()
    {
        var log = new Messages();
        using var loaded = TinyModel.Load();

        using var generator = new M3Generator(TinyModel.Load(), new() { Threads = 1 }, TimeProvider.System, log);

        Assert.Contains(log.Written, entry => entry.Level == LogLevel.Information && entry.Text.Contains(loaded.Identity.Version, StringComparison.Ordinal));
    }

    /// <summary>A clock on which everything takes many times as long.</summary>
    private sealed class StretchedTime(long factor) : TimeProvider
    {
        public override long GetTimestamp() => base.GetTimestamp() * factor;
    }

    private sealed class Messages : ILogger<M3Generator>
    {
        public List<(LogLevel Level, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel, formatter(state, exception)));
    }
}
