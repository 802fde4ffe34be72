using System.Diagnostics;
using M3.Adaptive.Predictor.Tests.Doubles;
using M3.Adaptive.Predictor.Training;
using Xunit;
using Xunit.Abstractions;

namespace M3.Adaptive.Predictor.Tests;

public sealed class DecisionTimeTests(ITestOutputHelper output)
{
    [Fact]
    public void TryPredict_FullSizePredictor_TakesUnderTwoHundredMicroseconds()
    {
        var options = new PredictorTrainingOptions { Folds = 2 };
        var predictor = new TrainedPredictor(
            PredictorTrainer.Train(SyntheticLabels.Make("routing", 300, 1), SyntheticLabels.Make("calibration", 200, 2), SyntheticLabels.Model.Hash, options),
            SyntheticLabels.Model.Hash);
        var random = new Random(1);
        var image = SyntheticLabels.Evidence(3, random) with { Width = 288, PooledEmbeddings = [.. Enumerable.Range(0, 9 * 288).Select(_ => random.NextSingle())] };
        List<double> microseconds = [];
        for (var i = 0; i < 3000; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.True(predictor.TryPredict(image, "what is the price of the milk on the receipt", out _));
            microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        microseconds.Sort();
        output.WriteLine($"p50 {microseconds[1500]:F1} us, p99 {microseconds[2970]:F1} us");
        Assert.True(microseconds[1500] < 200, $"p50 is {microseconds[1500]:F1} us");      // aim 100 us; slack for a busy machine and a debug build
    }
}
