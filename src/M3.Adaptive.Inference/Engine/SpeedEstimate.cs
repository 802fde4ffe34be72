using M3.Adaptive.Model.Costs;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// How long passes take on this machine, learnt from those that ran: seconds = FLOPs x seconds per FLOP + bytes x seconds per
/// byte. Single-token passes teach the second rate, prefills the first. Safe for concurrent use.
/// </summary>
internal sealed class SpeedEstimate
{
    private const double Weight = 0.2;                                            // of a new observation, once there is one

    private readonly Lock _gate = new();
    private double _secondsPerFlop, _secondsPerByte;

    /// <summary>Expected seconds of a pass; 0 until passes were observed.</summary>
    public double Seconds(Work work)
    {
        lock (_gate) return (work.Flops * _secondsPerFlop) + (work.Bytes * _secondsPerByte);
    }

    /// <summary>Takes in a pass of several tokens.</summary>
    public void ObservePrefill(Work work, double seconds)
    {
        lock (_gate) _secondsPerFlop = Blend(_secondsPerFlop, Math.Max(0, seconds - (work.Bytes * _secondsPerByte)) / work.Flops);
    }

    /// <summary>Takes in a pass of one token.</summary>
    public void ObserveDecode(Work work, double seconds)
    {
        lock (_gate) _secondsPerByte = Blend(_secondsPerByte, Math.Max(0, seconds - (work.Flops * _secondsPerFlop)) / work.Bytes);
    }

    private static double Blend(double known, double seen) => known == 0 ? seen : known + (Weight * (seen - known));
}
