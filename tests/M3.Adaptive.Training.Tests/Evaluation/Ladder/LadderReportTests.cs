using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

public sealed class LadderReportTests
{
    private static readonly LabelItem[] Items = [Item("sign", "00001"), Item("sign", "00000"), Item("where", "01111"), Item("where", "10111")];

    [Fact]
    public void Of_Items_CountsEachScale()
    {
        var report = LadderReport.Of(Items);

        Assert.Equal([0.25, 0.25, 0.5, 0.5, 0.75], report.Scales.Values.Select(share => share.Accuracy));
        Assert.Equal(4, report.Items);
    }

    [Fact]
    public void Of_Items_SplitsByFamily()
    {
        var report = LadderReport.Of(Items);

        Assert.Equal(0.5, report.Families["sign"]["576"]);
        Assert.Equal(1.0, report.Families["where"]["36"]);
    }

    [Fact]
    public void Of_Items_OraclesCountNeverRightItemsAtTheCoarsestScale()
    {
        var report = LadderReport.Of(Items);

        Assert.Equal(new OracleResult(0.75, (576 + 1 + 9 + 1) / 4.0), report.Oracle);
        Assert.Equal(new OracleResult(0.75, (576 + 1 + 9 + 36) / 4.0), report.MonotoneOracle);
        Assert.Equal(0.25, report.FirstRight["never"]);
    }

    [Theory]
    [InlineData(0, 10, 0.0, 0.2775)]
    [InlineData(5, 10, 0.2366, 0.7634)]
    [InlineData(10, 10, 0.7225, 1.0)]
    public void Share_Counts_GivesWilsonsInterval(int right, int asked, double low, double high)
    {
        var share = Share.Of(right, asked);

        Assert.Equal(low, share.Low, 4);
        Assert.Equal(high, share.High, 4);
    }

    [Fact]
    public void Share_MoreRightThanAsked_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Share.Of(3, 2));

    private static LabelItem Item(string family, string right) => new("1", "a.png", "what?", family, Outcomes.Of(right));
}
