using M3.Adaptive.Inference.Scheduling;

namespace M3.Adaptive.Inference.Tests.Scheduling;

/// <summary>A machine that never changes: 0.1 ms a position and a row, a little for what is looked at, some milliseconds a slice.</summary>
internal sealed class Steady : IStepCost
{
    public double Decode(int rows, long positions) => (1e-4 * rows) + (1e-8 * positions);

    public double Prefill(int done, int positions) => positions * (1e-4 + (1e-8 * (done + (positions / 2.0))));

    public double EncodeSlice(int slice) => 2e-3 * (1 + slice);
}
