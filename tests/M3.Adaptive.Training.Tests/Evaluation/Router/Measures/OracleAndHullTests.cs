using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Router.Measures;

public sealed class OracleAndHullTests
{
    [Theory]
    [InlineData("11111", 1, 1)]
    [InlineData("00111", 36, 36)]
    [InlineData("01011", 9, 144)]
    [InlineData("01000", 9, 1)]
    [InlineData("00001", 576, 576)]
    [InlineData("00000", 1, 1)]
    public void Scale_RawAndMonotone_AreTheCheapestThatCount(string right, int raw, int monotone)
    {
        var item = Item(right);

        Assert.Equal((raw, monotone), (Oracle.Scale(item).Tokens, Oracle.MonotoneScale(item).Tokens));
    }

    [Fact]
    public void Hull_PointsBelowTheLine_AreNoCorners()
    {
        var hull = new Hull([new(1, 0.3), new(9, 0.5), new(36, 0.52), new(144, 0.8), new(576, 0.79)]);

        Assert.Equal([new OperatingPoint(1, 0.3), new(9, 0.5), new(144, 0.8)], hull.Corners.ToArray());
        Assert.Equal(0.4, hull.At(5), 12);
        Assert.Equal(0.65, hull.At(76.5), 12);
        Assert.Equal((0.3, 0.8), (hull.At(0), hull.At(1000)));
    }

    [Fact]
    public void Hull_AnyPoints_AreUnderItAndItIsConcave()
    {
        var points = (from cost in Gen.Choose(1, 600) from accuracy in Gen.Choose(0, 100) select new OperatingPoint(cost, accuracy / 100.0)).NonEmptyListOf();
        Prop.ForAll(points.ToArbitrary(), list =>
        {
            var hull = new Hull(list);
            var corners = hull.Corners.ToArray();
            double[] slopes = [.. corners.Zip(corners.Skip(1), (left, right) => (right.Accuracy - left.Accuracy) / (right.MeanCost - left.MeanCost))];
            return list.All(point => hull.At(point.MeanCost) >= point.Accuracy - 1e-9)
                && slopes.All(slope => slope > 0)
                && slopes.Zip(slopes.Skip(1)).All(pair => pair.First > pair.Second);
        }).QuickCheckThrowOnFailure();
    }

    private static LabelItem Item(string right)
    {
        var evidence = AnswerEvidence.Of([new TokenEvidence(1, "x", 0, 1, 0, FinishReason.EndOfSequence, Cost.Zero)]);
        return new LabelItem("id", "image", "question", "", [.. right.Select(digit => new ScaleOutcome(digit == '1', "", Cost.Zero, evidence))]);
    }
}
