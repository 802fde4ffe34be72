using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Wishes;

/// <summary>Turns a valid wish into rules, taking from the settings what the wish leaves open. Pure.</summary>
public static class WishResolver
{
    /// <param name="wish">One without <see cref="WishFaults"/>.</param>
    /// <param name="prices">At what prices the predictor keeps promises.</param>
    public static RoutingRules Resolve(RoutingWish wish, RoutingOptions routing, EscalationOptions escalation, PriceTable prices)
    {
        var policy = Resolve(wish.Policy, routing, prices);
        var only = (policy as Policy.Fixed)?.Scale;
        return new RoutingRules
        {
            Policy = policy,
            IsPaced = (wish.Policy ?? DefaultOf(routing)) is PolicyWish.Economy { PricePerVisualToken: null, PricePerGigaflop: null, PricePerSecond: null },
            Min = only ?? ScaleOr(wish.MinScale, VisualScale.Coarsest),
            Max = only ?? ScaleOr(wish.MaxScale, VisualScale.Finest),
            Caps = wish.Caps,
            Escalation = only is null ? Resolve(wish.Escalation, escalation) : EscalationRules.Off,
            SafeScale = VisualScale.Of(routing.SafeScale),
            ExplorationRate = wish.AllowExploration ?? true ? routing.ExplorationRate : 0,
        };
    }

    public static DecodingOptions Resolve(DecodingWish wish, RoutingOptions routing) => new()
    {
        MaxNewTokens = wish.MaxNewTokens ?? routing.MaxNewTokens,
        Temperature = wish.Temperature ?? DecodingOptions.Greedy.Temperature,
        TopP = wish.TopP ?? DecodingOptions.Greedy.TopP,
        Seed = wish.Seed ?? DecodingOptions.Greedy.Seed,
        Stop = wish.Stop,
    };

    private static Policy Resolve(PolicyWish? wish, RoutingOptions routing, PriceTable prices) => wish switch
    {
        PolicyWish.Fixed { Scale: { } scale } => new Policy.Fixed(VisualScale.Of(scale)),
        PolicyWish.Quality quality => new Policy.Quality(prices.ForRisk(quality.Risk ?? routing.Risk)),
        PolicyWish.Target target => new Policy.Target(PriceOf(prices.ForTarget(target.MeanVisualTokens ?? routing.TargetVisualTokens))),
        PolicyWish.Economy { PricePerGigaflop: { } price } => new Policy.Economy(new Price(price, CostUnit.Gigaflops)),
        PolicyWish.Economy { PricePerSecond: { } price } => new Policy.Economy(new Price(price, CostUnit.Seconds)),
        PolicyWish.Economy economy => new Policy.Economy(new Price(economy.PricePerVisualToken ?? routing.PricePerVisualToken)),
        null => Resolve(DefaultOf(routing), routing, prices),
        _ => throw new ArgumentException("A fixed policy needs a scale.", nameof(wish)),
    };

    private static PolicyWish DefaultOf(RoutingOptions routing) => routing.Policy switch
    {
        DefaultPolicy.Economy => new PolicyWish.Economy(null),
        DefaultPolicy.Target => new PolicyWish.Target(null),
        _ => new PolicyWish.Quality(null),
    };

    // Without a predictor there is no table, and nothing is weighed either.
    private static Price PriceOf(TargetPrice? fitted) => fitted is null ? Price.Free : new Price(fitted.PricePerVisualToken);

    // Asking for a number of escalations asks for escalation, whatever the settings say.
    private static EscalationRules Resolve(EscalationWish wish, EscalationOptions options) =>
        wish.Enabled ?? (wish.MaxEscalations is not null || options.Enabled) ? new(wish.MaxEscalations ?? options.MaxEscalations) : EscalationRules.Off;

    private static VisualScale ScaleOr(int? tokens, VisualScale otherwise) => tokens is { } given ? VisualScale.Of(given) : otherwise;
}
