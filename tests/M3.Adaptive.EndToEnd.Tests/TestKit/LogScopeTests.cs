using M3.Adaptive.TestKit.Logging;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.EndToEnd.Tests.TestKit;

public sealed partial class LogScopeTests
{
    [Fact]
    public void Dispose_StrayError_Fails()
    {
        var scope = new LogScope();
        Broken(scope.CreateLogger("test"), 7);

        var failure = Assert.Throws<InvalidOperationException>(scope.Dispose);

        Assert.Contains("broken 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_AnnouncedError_IsFine()
    {
        using var scope = new LogScope().Expecting(1);

        Broken(scope.CreateLogger("test"), 7);

        Assert.Single(scope.Entries);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "broken {What}")]
    private static partial void Broken(ILogger logger, int what);
}
