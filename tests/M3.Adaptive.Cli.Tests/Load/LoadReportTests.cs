using M3.Adaptive.Cli.Load;

namespace M3.Adaptive.Cli.Tests.Load;

public sealed class LoadReportTests
{
    [Fact]
    public void Latency_HundredTimes_IsTheNearestRank()
    {
        var times = Enumerable.Range(1, 100).Reverse().Select(static ms => TimeSpan.FromMilliseconds(ms));

        Assert.Equal(new LatencyMs(50, 95, 99), LatencyMs.Of(times));
    }

    [Fact]
    public void Latency_OneTime_IsThatTimeThroughout() => Assert.Equal(new LatencyMs(7, 7, 7), LatencyMs.Of([TimeSpan.FromMilliseconds(7)]));

    [Fact]
    public void Latency_NoTime_IsNone() => Assert.Equal(new LatencyMs(null, null, null), LatencyMs.Of([]));

    [Fact]
    public void Of_NothingAnswered_ClaimsNothing()
    {
        var report = LoadReport.Of([new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), null, null, "UNAVAILABLE", "gone")], 5, null, 0, null, null);

        Assert.Equal((1, 0, 0.0, 0L), (report.Requests, report.Answered, report.Throughput, report.ChargedVisualTokens));
        Assert.Null(report.Accuracy);
        Assert.Null(report.MeanVisualTokens);
        Assert.Null(report.FirstTokenMs);
        Assert.Null(report.LatencyMs.P50);
    }

    [Fact]
    public void Of_Answers_CountsThemByScaleAndASecond()
    {
        var report = LoadReport.Of(
            [
                new(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(4), new(9, 10, 1e9, 5e9, Correct: true), null, null),
                new(TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(8), new(576, 576, 3e9, 0, Correct: false), null, null),
            ],
            2, null, 1, "m@1", "p@1");

        Assert.Equal((0.5, 586L, 4e9, 293.0, 0.5), (report.Throughput, report.ChargedVisualTokens, report.ChargedFlops, report.MeanVisualTokens, report.Accuracy));
        Assert.Equal(5e9, report.EncodeFlops);
        Assert.Equal([0, 1, 0, 0, 1], report.Scales.OrderBy(entry => entry.Key).Select(entry => entry.Value));
        Assert.Equal((10.0, 4.0), (report.LatencyMs.P50, report.FirstTokenMs?.P50));
    }
}
