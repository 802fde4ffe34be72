using M3.Adaptive.Service.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Hosting;

public sealed class OneLineFormatterTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));

    [Fact]
    public void Write_Message_IsOneLineWithTimeLevelAndCategory() =>
        Assert.Equal("2030-01-02 03:04:05.678 warn: M3.Test[7] something\n", Format("something", null));

    [Fact]
    public void Write_WhatAClientSent_IsShownAsCodes() => Assert.EndsWith("[7] id \\u001b[31mred\\u0007 evil\n", Format("id \e[31mred\a\nevil", null), StringComparison.Ordinal);

    [Fact]
    public void Write_Exception_IsOnTheSameLine()
    {
        var line = Format("failed", new InvalidOperationException("why\nso", new IOException("because")));

        Assert.Contains("failed System.InvalidOperationException: why so", line, StringComparison.Ordinal);
        Assert.Contains("System.IO.IOException: because", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n'));
    }

    private string Format(string message, Exception? exception)
    {
        using var text = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "M3.Test", new EventId(7), message, exception, (state, _) => state);
        new OneLineFormatter(_clock).Write(in entry, scopeProvider: null, text);
        return text.ToString();
    }
}
