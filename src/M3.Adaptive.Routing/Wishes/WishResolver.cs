using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Wishes;

/// <summary>Turns a valid wish into rules, taking from the settings what the wish leaves open. Pure.</summary>
public static class WishResolver
{
    /// <param name="wish">One without <see cref="WishFaults"/>.</param>
    public static RoutingRules Resolve(RoutingWish wish, RoutingOptions routing, EscalationOptions escalation)
    {
        var policy = Resolve(wish.Policy, routing);
        var only = (policy as Policy.Fixed)?.Scale;
        return new RoutingRules
        {
            Policy = policy,
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
    };

    private static Policy Resolve(PolicyWish? wish, RoutingOptions routing) => (wish, routing.Policy) switch
    {
        (PolicyWish.Fixed { Scale: { } scale }, _) => new Policy.Fixed(VisualScale.Of(scale)),
        (PolicyWish.Quality quality, _) => new Policy.Quality(quality.Risk ?? routing.Risk),
        (PolicyWish.Economy economy, _) => new Policy.Economy(economy.PricePerVisualToken ?? routing.PricePerVisualToken),
        (null, DefaultPolicy.Economy) => new Policy.Economy(routing.PricePerVisualToken),
        (null, _) => new Policy.Quality(routing.Risk),
        _ => throw new ArgumentException("A fixed policy needs a scale.", nameof(wish)),
    };

    // Asking for a threshold or a number of escalations asks for escalation, whatever the settings say.
    private static EscalationRules Resolve(EscalationWish wish, EscalationOptions options)
    {
        var asked = wish.MaxEscalations is not null || wish.ConfidenceThreshold is not null;
        return wish.Enabled ?? (asked || options.Enabled)
            ? new(wish.MaxEscalations ?? options.MaxEscalations, wish.ConfidenceThreshold ?? options.ConfidenceThreshold, options.MinGain)
            : EscalationRules.Off;
    }

    private static VisualScale ScaleOr(int? tokens, VisualScale otherwise) => tokens is { } given ? VisualScale.Of(given) : otherwise;
}
