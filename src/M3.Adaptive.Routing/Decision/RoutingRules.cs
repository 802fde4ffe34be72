using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>A caller's valid wish with every default filled in: all that decisions depend on besides predictions and costs.</summary>
public sealed record RoutingRules
{
    public required Policy Policy { get; init; }

    /// <summary>Coarsest scale allowed.</summary>
    public VisualScale Min { get; init; } = VisualScale.Coarsest;

    /// <summary>Finest scale allowed, escalations included; not below <see cref="Min"/>.</summary>
    public VisualScale Max { get; init; } = VisualScale.Finest;

    public Caps Caps { get; init; }

    public required EscalationRules Escalation { get; init; }

    /// <summary>Scale without a usable predictor, or the nearest allowed one.</summary>
    public required VisualScale SafeScale { get; init; }

    /// <summary>Probability of choosing at random among the allowed scales; 0 to 1.</summary>
    public double ExplorationRate { get; init; }

    /// <summary>Whether a scale lies within the bounds, whatever it costs.</summary>
    public bool InBounds(VisualScale scale) => scale >= Min && scale <= Max;

    /// <summary>Whether a scale lies within the bounds and the request's cost with it stays within the caps.</summary>
    public bool Allow(VisualScale scale, Cost charged) => InBounds(scale) && Caps.Allow(charged);
}
