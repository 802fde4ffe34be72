using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;
using M3.Adaptive.Training.Tests.OracleLabelling;
using M3.Adaptive.Training.Tests.PredictorTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Router;

/// <summary>What an evaluation must say where the truth is known: nothing is found where there is nothing, and everything where everything is known.</summary>
public sealed class ScepticTests
{
    private const double PriceOfAToken = 0.0005;

    private static readonly LabelTable Table = SyntheticLabels.Make("test", 400, 3);

    private static readonly Yardstick Yardstick = new(Table, draws: 200);

    private static readonly Forecasts Learnt = Forecasts.Of(Table, Trained.Predictor);

    [Fact]
    public void GapClosed_PredictorGivenTheOraclesAnswers_IsOne()
    {
        var told = Truth.InForecasts(Truth.InConfidence(Truth.InStart(Learnt)));

        var router = Yardstick.Measure(EpisodeRouter.AtPrice(told, 1e-5));

        for (var world = 0; world < Yardstick.Worlds.Worlds; world++) Assert.Equal(1, Yardstick.GapClosed(router, world, monotone: false), 9);
        Assert.Equal(Yardstick.Best().MeanCost, router.Tokens(), 9);
    }

    [Fact]
    public void Measure_PredictorThatSaysTheSameOfEverything_IsAFixedScale()
    {
        var constant = Constant();

        var (once, again) = (Yardstick.Measure(Once(constant)), Yardstick.Measure(EpisodeRouter.AtPrice(constant, PriceOfAToken)));

        Assert.All(once.Items, item => Assert.Equal(once.Items[0].Path, item.Path));
        Assert.Equal(Yardstick.Fixed[once.Items[0].Path.Last.Rung].Point(), once.Point());
        Assert.All(again.Items, item => Assert.Equal(again.Items[0].Path, item.Path));
        Assert.Equal(Yardstick.Fixed[again.Items[0].Path.Last.Rung].Accuracy(), again.Accuracy());
        Assert.True(Yardstick.GapClosed(again, 0, monotone: false) <= 1e-9);
    }

    [Fact]
    public void GapClosed_LabelsPermuted_HasZeroInItsInterval()
    {
        // Trained and judged on labels that belong to other items, so that there is nothing to be learnt.
        var artifact = Trained.Train(Permuted("routing", 1000, 1), Permuted("calibration", 150, 2), new PredictorTrainingOptions { Trees = 5, Folds = 2 });
        var table = Permuted("test", 400, 3);
        var (yardstick, forecasts) = (new Yardstick(table, draws: 200), Forecasts.Of(table, new TrainedPredictor(artifact, SyntheticLabels.Model.Hash)));

        var (once, again) = (yardstick.Measure(Once(forecasts)), yardstick.Measure(EpisodeRouter.AtPrice(forecasts, PriceOfAToken)));

        AssertHoldsZero(yardstick.Worlds.Estimate(world => yardstick.GapClosed(once, world, monotone: false)));
        AssertHoldsZero(yardstick.Worlds.Estimate(world => yardstick.ShuffleGain(once, world)));
        AssertHoldsZero(yardstick.Worlds.Estimate(world => yardstick.ShuffleGain(again, world)));
        Assert.InRange(yardstick.GapClosed(again, 0, monotone: false), -0.1, 0);          // runs in vain are charged, too
    }

    [Fact]
    public void ShuffleGain_RouterOfRealLabelsOnPermutedOnes_HasZeroInItsInterval()
    {
        var permuted = Permute(Table, 7);
        var yardstick = new Yardstick(permuted, draws: 200);

        var router = yardstick.Measure(EpisodeRouter.AtPrice(Learnt, PriceOfAToken));

        AssertHoldsZero(yardstick.Worlds.Estimate(world => yardstick.ShuffleGain(router, world)));
        Assert.True(Yardstick.ShuffleGain(Yardstick.Measure(EpisodeRouter.AtPrice(Learnt, PriceOfAToken)), 0) > 0.1);          // the same router on its own labels
    }

    private static void AssertHoldsZero(Estimate estimate) => Assert.True(estimate.Low <= 0 && estimate.High >= 0, $"{estimate}");

    private static EpisodeRouter Once(Forecasts forecasts) => new(
        forecasts, new RoutingRules { Policy = new Policy.Economy(new Price(PriceOfAToken)), Escalation = EscalationRules.Off, SafeScale = VisualScale.Finest });

    private static Forecasts Constant()
    {
        float[] rates = [.. VisualScale.All.Select(scale => (float)Yardstick.Fixed[scale.Rung].Accuracy())];
        return Learnt with
        {
            Before = [.. Learnt.Before.Select(before => before with { Success = rates })],
            After = [.. Learnt.After.Select(runs => runs.Select(after => after with { Success = rates }).ToArray())],
        };
    }

    private static LabelTable Permuted(string split, int pictures, int seed) => Permute(SyntheticLabels.Make(split, pictures, seed), seed);

    private static LabelTable Permute(LabelTable table, int seed)
    {
        int[] order = [.. Enumerable.Range(0, table.Items.Count)];
        new Random(seed).Shuffle(order);
        return table with
        {
            Items = [.. table.Items.Zip(order, (item, other) => item with
            {
                Outcomes = [.. item.Outcomes.Zip(table.Items[other].Outcomes, (mine, theirs) => mine with { Right = theirs.Right })],
            })],
        };
    }
}
