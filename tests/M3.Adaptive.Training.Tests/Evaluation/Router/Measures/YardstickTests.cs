using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Router.Measures;

public sealed class YardstickTests
{
    private static readonly LabelTable Table = SyntheticLabels.Make("test", 120, 3);

    private static readonly Yardstick Yardstick = new(Table, draws: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GapClosed_OfTheOracle_IsOneInEveryWorld(bool monotone)
    {
        var oracle = Yardstick.Measure(new OracleRouter(Table, monotone));

        for (var world = 0; world < Yardstick.Worlds.Worlds; world++) Assert.Equal(1, Yardstick.GapClosed(oracle, world, monotone), 9);
    }

    [Fact]
    public void BestSingleGapClosed_OracleAndBestScale_AreOneAndZero()
    {
        var oracle = Yardstick.Measure(new OracleRouter(Table, monotone: false));
        var best = Yardstick.Fixed.MaxBy(scale => scale.Accuracy())!;               // five scales

        Assert.Equal(1, Yardstick.BestSingleGapClosed(oracle, 0), 9);
        Assert.Equal(0, Yardstick.BestSingleGapClosed(best, 0), 9);
    }

    [Fact]
    public void Gains_OfAFixedScale_AreNotAboveZero() => Assert.All(Yardstick.Fixed, scale =>
    {
        Assert.True(Yardstick.HullGain(scale, 0) <= 1e-12);
        Assert.Equal(0, Yardstick.ShuffleGain(scale, 0), 12);
    });

    [Fact]
    public void ShuffleGain_ChoicesThatIgnoreTheItems_HasZeroInItsInterval()
    {
        var blind = Yardstick.Measure(new Blind());

        var gain = Yardstick.Worlds.Estimate(world => Yardstick.ShuffleGain(blind, world));

        Assert.True(gain.Low < 0 && gain.High > 0, $"{gain}");
    }

    [Fact]
    public void Best_AnyBudget_IsBeatenByNoChoiceOfScales()
    {
        var best = Yardstick.Best();
        var choices = Gen.Choose(0, 4).ListOf(Table.Items.Count).ToArbitrary();
        Prop.ForAll(choices, rungs =>
        {
            var chosen = Yardstick.Measure(new Given([.. rungs]));
            return chosen.Accuracy() <= best.At(chosen.Tokens()) + 1e-9;
        }).QuickCheckThrowOnFailure();
        Assert.Equal(best.Accuracy, best.At(best.MeanCost), 9);
        Assert.Equal(Table.Items.Average(item => item.Outcomes.Any(outcome => outcome.Right) ? 1.0 : 0), best.Accuracy, 9);
    }

    private sealed class Blind : IRouter
    {
        private readonly Random _random = new(5);

        public ScalePath Route(int item) => ScalePath.Of(VisualScale.All[_random.Next(5)]);
    }

    private sealed class Given(int[] rungs) : IRouter
    {
        public ScalePath Route(int item) => ScalePath.Of(VisualScale.All[rungs[item]]);
    }
}
