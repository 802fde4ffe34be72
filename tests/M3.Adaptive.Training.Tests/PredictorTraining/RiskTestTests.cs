using M3.Adaptive.Training.PredictorTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

public sealed class RiskTestTests
{
    private static readonly RiskTest OnePoint = new(risk: 0.01, delta: 0.1);

    [Fact]
    public void FewestPictures_NoLossAtAll_IsWhereLuckBecomesUnlikely() => Assert.Equal(230, OnePoint.FewestPictures);      // 0.99^230 < 0.1 < 0.99^229

    [Theory]
    [InlineData(229, false)]
    [InlineData(230, true)]
    public void Passes_NoLoss_NeedsThatManyPictures(int pictures, bool passes) => Assert.Equal(passes, OnePoint.Passes(Losses(pictures, 0)));

    [Fact]
    public void Passing_FixedSequence_EndsAtTheFirstThatFails() =>
        Assert.Equal(2, OnePoint.Passing([Losses(2000, 0), Losses(2000, 4), Losses(2000, 19), Losses(2000, 0)]));

    [Fact]
    public void Passes_LossesOfOnePictureTogether_AreNoIndependentDraws()
    {
        // 40 of 4,000 questions are lost: one a picture, or four at once in a tenth of the pictures that lose any.
        var apart = PictureLosses.Of([.. Enumerable.Range(0, 1000).Select(i => i % 50 == 0 ? 1.0 : 0)], [.. Enumerable.Repeat(4, 1000)]);
        var together = PictureLosses.Of([.. Enumerable.Range(0, 1000).Select(i => i % 200 == 0 ? 4.0 : 0)], [.. Enumerable.Repeat(4, 1000)]);

        Assert.Equal((0.005, 0.005), (apart.Mean, together.Mean));
        Assert.Equal(2, together.StandardError / apart.StandardError, 0.05);
        Assert.True(new RiskTest(0.0075, 0.1).Passes(apart) && !new RiskTest(0.0075, 0.1).Passes(together));
    }

    [Fact]
    public void QuestionsNeeded_SameLossesMoreOften_ThenPass()
    {
        var few = Losses(400, 3);
        var needed = OnePoint.QuestionsNeeded(few);

        Assert.False(OnePoint.Passes(few));
        Assert.InRange(needed ?? 0, 1900, 2000);
        Assert.True(OnePoint.Passes(Losses(2000, 15)));
        Assert.False(OnePoint.Passes(Losses(1867, 14)));
    }

    [Fact]
    public void QuestionsNeeded_LossAboveTheRisk_IsNoNumber() => Assert.Null(OnePoint.QuestionsNeeded(Losses(1000, 20)));

    [Fact]
    public void Passing_LossOfExactlyTheRisk_PassesNoMoreOftenThanDelta()
    {
        var random = new Random(1);

        var passed = Enumerable.Range(0, 2000).Count(_ => OnePoint.Passes(
            PictureLosses.Of([.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble() < 0.025 ? 1.0 : random.NextDouble() < 0.015 / 0.975 ? -1 : 0)], [.. Enumerable.Repeat(1, 1000)])));

        Assert.InRange(passed / 2000.0, 0.06, 0.13);
    }

    // One question a picture.
    private static PictureLosses Losses(int pictures, int lost) =>
        PictureLosses.Of([.. Enumerable.Range(0, pictures).Select(i => i < lost ? 1.0 : 0)], [.. Enumerable.Repeat(1, pictures)]);
}
