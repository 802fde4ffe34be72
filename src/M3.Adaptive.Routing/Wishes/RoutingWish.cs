using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Wishes;

/// <summary>How the caller wants the scale chosen, as it was sent. Null means that the caller left it open; nothing is checked yet.</summary>
public sealed record RoutingWish
{
    public static RoutingWish Default { get; } = new();

    public PolicyWish? Policy { get; init; }

    /// <summary>Coarsest scale allowed, in visual tokens.</summary>
    public int? MinScale { get; init; }

    /// <summary>Finest scale allowed, escalations included, in visual tokens.</summary>
    public int? MaxScale { get; init; }

    public Caps Caps { get; init; }

    public EscalationWish Escalation { get; init; } = new(null, null, null);

    public bool? AllowExploration { get; init; }
}

/// <summary>The policy as it was sent.</summary>
public abstract record PolicyWish
{
    private PolicyWish()
    {
    }

    /// <param name="Scale">Visual tokens; required.</param>
    public sealed record Fixed(int? Scale) : PolicyWish;

    /// <param name="Risk">0 to 1.</param>
    public sealed record Quality(double? Risk) : PolicyWish;

    /// <param name="PricePerVisualToken">0 or more.</param>
    public sealed record Economy(double? PricePerVisualToken) : PolicyWish;
}

/// <summary>The rules of escalation as they were sent.</summary>
/// <param name="Enabled">False contradicts the two others.</param>
/// <param name="MaxEscalations">1 to 4.</param>
/// <param name="ConfidenceThreshold">0 to 1.</param>
public sealed record EscalationWish(bool? Enabled, int? MaxEscalations, double? ConfidenceThreshold);
