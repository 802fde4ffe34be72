using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>What a request may still be charged, and how long it may still run.</summary>
/// <param name="Charged">What its scales were charged so far.</param>
/// <param name="Remaining">Time to the deadline; null without one.</param>
public readonly record struct Allowance(Caps Caps, Cost Charged, TimeSpan? Remaining)
{
    public static Allowance Unlimited => default;

    /// <summary>Whether runs that are charged so much together stay within the caps and end before the deadline.</summary>
    public bool Allows(Cost further) => Caps.Allow(Charged + further) && !(further.Seconds > Remaining?.TotalSeconds);
}
