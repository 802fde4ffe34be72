using M3.Adaptive.Training.Retraining.Gating;
using Xunit;

namespace M3.Adaptive.Training.Tests.Retraining.Gating;

public sealed class OverheadTests
{
    // A decision's true time, and what is added where other work comes in between: in microseconds.
    private const int Quick = 50, Interruption = 10_000;

    [Fact]
    public void Measure_OtherWorkInterruptsEveryRound_TellsWhatADecisionTakesWithoutIt()
    {
        var measured = Overhead.Measure(Updates.Shipped, Updates.Shipped, Updates.Calibration, new InterruptedClock());

        Assert.Equal(new Overhead(Quick, Quick), measured);
    }

    // One measured stretch in fifty is interrupted: four items of two hundred in every round, others each time.
    private sealed class InterruptedClock : TimeProvider
    {
        private long _now;
        private int _reads;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp()
        {
            _reads++;
            return _now += _reads % 102 == 0 ? Quick + Interruption : Quick;
        }
    }
}
