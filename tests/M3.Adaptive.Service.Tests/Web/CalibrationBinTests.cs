using M3.Adaptive.Core;
using M3.Adaptive.Service.Web.Charts;
using M3.Adaptive.Store.Decisions;

namespace M3.Adaptive.Service.Tests.Web;

public sealed class CalibrationBinTests
{
    [Fact]
    public void Of_AnswersWithOutcomes_ComparesConfidenceWithWhatWasRight()
    {
        var bins = CalibrationBin.Of([Answer(0.92f, Verdict.Right), Answer(0.98f, Verdict.Wrong), Answer(1, Verdict.Right), Answer(0.3f, Verdict.Wrong), Answer(0.5f, Verdict.Unknown), Answer(null, Verdict.Right)]);

        Assert.Equal([1, 3], bins.Select(static bin => bin.Count));
        Assert.Equal((0.3, 0.0), (bins[0].Predicted, bins[0].Observed), (one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-6 && one.Item2 == other.Item2);
        Assert.Equal(2.0 / 3, bins[1].Observed, 6);
        Assert.Equal((0.92 + 0.98 + 1) / 3, bins[1].Predicted, 6);
    }

    private static DecisionSummary Answer(float? confidence, Verdict verdict) => new(
        Guid.NewGuid(), DateTimeOffset.UnixEpoch, "default", "m", "p", [new StepRecord(9, "Quality", 0.5f, confidence, Cost.Zero)], Cost.Zero, [new SaidOutcome("me", verdict, null)]);
}
