namespace M3.Adaptive.CommandLine.Tests;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Theory]
    [InlineData("warn")]
    [InlineData("fail")]
    [InlineData("crit")]
    public void FaultIn_WarningOrWorse_IsItsMessage(string level) =>
        Assert.Equal("no room: sda1[3] is full", LogLine.FaultIn(LogLine.Of(Time, level, "M3.Store", 7, "no room:\nsda1[3] is full")));

    [Theory]
    [InlineData("info")]
    [InlineData("dbug")]
    public void FaultIn_LesserEvent_IsNull(string level) => Assert.Null(LogLine.FaultIn(LogLine.Of(Time, level, "M3.Store", 7, "fail: X[1] y")));

    [Theory]
    [InlineData("")]
    [InlineData("m3: cannot listen on 127.0.0.1:1")]
    public void FaultIn_AnyOtherLine_IsNull(string line) => Assert.Null(LogLine.FaultIn(line));
}
