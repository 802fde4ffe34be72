using M3.Adaptive.Core;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Training.Replay;

/// <summary>How a service routes a request that wishes for nothing: its settings <c>Routing</c> and <c>Routing:Escalation</c>.</summary>
public sealed record ServedDefaults
{
    public RoutingOptions Routing { get; init; } = new();

    public EscalationOptions Escalation { get; init; } = new();

    /// <summary>Without its share of random choices, so that a replay gives the same again.</summary>
    /// <param name="prices">At what prices the predictor keeps promises.</param>
    public RoutingRules Rules(PriceTable prices) => WishResolver.Resolve(RoutingWish.Default, Routing, Escalation, prices) with { ExplorationRate = 0 };
}
