using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Model.Costs;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class SpeedEstimateTests
{
    private static readonly Work Prefill = new(Flops: 8e9, Bytes: 1e8), Decode = new(Flops: 2e7, Bytes: 1e8);

    [Fact]
    public void Seconds_NothingObserved_IsZero() => Assert.Equal(0, new SpeedEstimate().Seconds(Prefill));

    [Fact]
    public void Seconds_SteadyMachine_ApproachesWhatItTakes()
    {
        var speed = new SpeedEstimate();

        for (var i = 0; i < 50; i++)
        {
            speed.ObserveDecode(Decode, 0.01);
            speed.ObservePrefill(Prefill, 0.09);
        }

        Assert.Equal(0.01, speed.Seconds(Decode), 1e-4);
        Assert.Equal(0.09, speed.Seconds(Prefill), 1e-3);
    }

    [Fact]
    public void Seconds_OneOutlier_ShiftsByAFifthOfIt()
    {
        var speed = new SpeedEstimate();
        speed.ObserveDecode(Decode, 0.01);

        speed.ObserveDecode(Decode, 0.06);

        Assert.Equal(0.02, speed.Seconds(Decode), 1e-6);
    }
}
