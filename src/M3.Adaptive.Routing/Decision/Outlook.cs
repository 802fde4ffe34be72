using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>All that is weighed when the next scale is chosen.</summary>
public sealed record Outlook
{
    public required Price Price { get; init; }

    /// <summary>Probability of a right answer per rung, coarsest first; those below <see cref="InHand"/> are not read.</summary>
    public required float[] Success { get; init; }

    /// <summary>The scale whose answer could be kept; null before any run.</summary>
    public VisualScale? InHand { get; init; }

    /// <summary>Scales that may run next or later, coarsest first, each finer than <see cref="InHand"/>.</summary>
    public required IReadOnlyList<VisualScale> Scales { get; init; }

    /// <summary>What each rung would be charged at most, coarsest first.</summary>
    public required IReadOnlyList<Cost> Estimates { get; init; }

    /// <summary>Scales that may still run, the next one included; 1 or more.</summary>
    public required int Runs { get; init; }

    /// <summary>What runs behind the next one must keep to, together with it.</summary>
    public Allowance Allowance { get; init; }
}
