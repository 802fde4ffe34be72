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

    public EscalationWish Escalation { get; init; } = new(null, null);

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

    /// <param name="MeanVisualTokens">1 or more.</param>
    public sealed record Target(double? MeanVisualTokens) : PolicyWish;

    /// <summary>At most one price; all are 0 or more.</summary>
    public sealed record Economy(double? PricePerVisualToken, double? PricePerGigaflop = null, double? PricePerSecond = null) : PolicyWish;
}

/// <summary>The rules of escalation as they were sent.</summary>
/// <param name="Enabled">False contradicts the other.</param>
/// <param name="MaxEscalations">1 to 4.</param>
public sealed record EscalationWish(bool? Enabled, int? MaxEscalations);
