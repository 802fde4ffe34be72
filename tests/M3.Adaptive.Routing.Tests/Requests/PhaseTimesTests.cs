using FsCheck;
using FsCheck.Xunit;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class PhaseTimesTests
{
    [Property(MaxTest = 2000)]
    public bool Of_AnySeconds_AddUpToNoMoreThanCharged(PositiveInt[] prefills, PositiveInt[] decodes)
    {
        double[] tokens = [.. prefills.Select(ticks => ticks.Get / 1e7), .. decodes.Select(ticks => ticks.Get / 3e7)];
        var charged = tokens.Reverse().Sum();

        var times = PhaseTimes.Of(TimeSpan.Zero, tokens[..prefills.Length].Sum(), tokens[prefills.Length..].Sum(), charged);

        var sum = times.Prefill.TotalSeconds + times.Decode.TotalSeconds;
        return sum <= charged && sum > charged - 1e-6 && times.Prefill >= TimeSpan.Zero && times.Decode >= TimeSpan.Zero;
    }
}
