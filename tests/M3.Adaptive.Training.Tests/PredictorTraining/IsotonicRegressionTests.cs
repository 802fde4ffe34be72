using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Predictor.Calibration;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.PredictorTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

public sealed class IsotonicRegressionTests
{
    private static readonly Arbitrary<(float Score, bool Right)[]> Items =
        (from items in (from score in Gen.Choose(0, 50) from right in Gen.Elements(true, false) select (score / 50f, right)).NonEmptyListOf()
         select items.ToArray()).ToArbitrary();

    [Fact]
    public void Fit_AnyItems_NeverFallsAndStaysAProbability() => Prop.ForAll(Items, items =>
    {
        var calibrator = Fit(items);
        float[] read = [.. Enumerable.Range(-10, 121).Select(i => calibrator.Of(i / 100f))];
        return read.All(value => value is > 0 and < 1) && read.Zip(read.Skip(1)).All(pair => pair.First <= pair.Second);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fit_OrderOfItems_DoesNotMatter() => Prop.ForAll(Items, items =>
    {
        var (one, two) = (Fit(items), Fit([.. items.Reverse()]));
        return one.Scores.SequenceEqual(two.Scores) && one.Probabilities.SequenceEqual(two.Probabilities);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fit_ViolatorsOfTheOrder_ArePooled()
    {
        var calibrator = Fit([(0.1f, false), (0.3f, true), (0.5f, false), (0.9f, true)]);

        Assert.Equal([0.1f, 0.4f, 0.9f], calibrator.Scores);
        Assert.Equal([0.125f, 0.5f, 0.875f], calibrator.Probabilities);
    }

    [Fact]
    public void Fit_ScoresThatExaggerate_BecomeTheTruth()
    {
        var random = new Random(11);
        (float Score, bool Right)[] Draw() => [.. Enumerable.Range(0, 4000).Select(_ =>
        {
            var truth = random.NextSingle();
            return (1 / (1 + MathF.Exp(-8 * (truth - 0.3f))), random.NextSingle() < truth);
        })];
        var calibrator = Fit(Draw());
        var test = Draw();
        bool[] right = [.. test.Select(item => item.Right)];

        var before = Ranking.CalibrationError([.. test.Select(item => item.Score)], right);
        var after = Ranking.CalibrationError([.. test.Select(item => calibrator.Of(item.Score))], right);

        Assert.True(before > 0.1, $"raw error {before}");
        Assert.True(after < 0.03, $"calibrated error {after}");
    }

    [Fact]
    public void Fit_NoItems_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => IsotonicRegression.Fit([], []));

    private static IsotonicCalibrator Fit((float Score, bool Right)[] items) =>
        IsotonicRegression.Fit([.. items.Select(item => item.Score)], [.. items.Select(item => item.Right)]);
}
