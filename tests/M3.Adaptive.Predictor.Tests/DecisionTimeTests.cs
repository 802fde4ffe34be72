using System.Diagnostics;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;
using Xunit.Abstractions;

namespace M3.Adaptive.Predictor.Tests;

public sealed class DecisionTimeTests(ITestOutputHelper output)
{
    [Fact]
    public void TryPredict_CommittedPredictor_TakesUnderTwoHundredMicroseconds()
    {
        var predictor = CommittedPredictor.Load(CommittedPredictor.Folder);
        var image = CommittedPredictor.Evidence(seed: 1, width: 288);
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
