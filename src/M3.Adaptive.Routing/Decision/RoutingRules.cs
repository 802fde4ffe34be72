using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>
/// A caller's valid wish with every default filled in, and what the model can do for the question: all that decisions depend on besides
/// predictions and costs.
/// </summary>
public sealed record RoutingRules
{
    public required Policy Policy { get; init; }

    /// <summary>Whether the policy's price is only what applies without a budget, whose pace takes its place.</summary>
    public bool IsPaced { get; init; }

    /// <summary>Coarsest scale allowed.</summary>
    public VisualScale Min { get; init; } = VisualScale.Coarsest;

    /// <summary>Finest scale allowed, escalations included; not below <see cref="Min"/>.</summary>
    public VisualScale Max { get; init; } = VisualScale.Finest;

    public Caps Caps { get; init; }

    /// <summary>The rungs that the model was trained for, coarsest first; at least one.</summary>
    public IReadOnlyList<VisualScale> Ladder { get; init; } = VisualScale.All;

    /// <summary>What the question leaves of the model's context.</summary>
    public ContextRoom Room { get; init; } = ContextRoom.Unlimited;

    public required EscalationRules Escalation { get; init; }

    /// <summary>Scale without a usable predictor, or the nearest allowed one.</summary>
    public required VisualScale SafeScale { get; init; }

    /// <summary>Probability of choosing at random among the allowed scales; 0 to 1.</summary>
    public double ExplorationRate { get; init; }

    /// <summary>The rungs of the ladder within the bounds, coarsest first, whatever they cost and however long the question is.</summary>
    public IEnumerable<VisualScale> InBounds => Ladder.Where(scale => scale >= Min && scale <= Max);

    /// <summary>
    /// Whether a scale is a rung within the bounds that has room in the context, and the request's cost with it stays within the caps.
    /// </summary>
    public bool Allow(VisualScale scale, Cost charged) => InBounds.Contains(scale) && Room.Fits(scale) && Caps.Allow(charged);
}
