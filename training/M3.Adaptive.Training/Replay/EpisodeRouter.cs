using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Training.Replay;

/// <summary>Routes the items of a label table by the type that routes the service's requests, but looks answers up instead of generating them.</summary>
public sealed class EpisodeRouter(Forecasts forecasts, RoutingRules rules) : IRouter
{
    /// <summary>The service's router at a price, under its default rules of escalation, without caps.</summary>
    /// <param name="pricePerVisualToken">Success probability; 0 or more.</param>
    public static EpisodeRouter AtPrice(Forecasts forecasts, double pricePerVisualToken) => new(forecasts, new RoutingRules
    {
        Policy = new Policy.Economy(new Price(pricePerVisualToken)),
        Escalation = new EscalationRules(new EscalationOptions().MaxEscalations),
        SafeScale = VisualScale.Finest,
    });

    /// <summary>The service's router for a request that wishes for nothing.</summary>
    /// <param name="prices">At what prices the predictor behind the forecasts keeps promises.</param>
    /// <param name="defaults">The service's settings; null: those it has when nobody sets any.</param>
    public static EpisodeRouter AtDefaults(Forecasts forecasts, PriceTable prices, ServedDefaults? defaults = null) =>
        new(forecasts, (defaults ?? new ServedDefaults()).Rules(prices));

    /// <exception cref="ArgumentException">The rules leave no scale for the item.</exception>
    public ScalePath Route(int item)
    {
        var outcomes = forecasts.Table.Items[item].Outcomes;
        if (!Episode.TryStart(rules, forecasts.Before[item], [.. outcomes.Select(outcome => outcome.Charged)], default, remaining: null, out var episode, out _))
            throw new ArgumentException("The rules leave no scale for some item.");

        ScalePath path = default;
        while (episode.Next is { } scale)
        {
            path = path == default ? ScalePath.Of(scale) : path.Then(scale);
            episode = episode.Observe(forecasts.After[item][scale.Rung], outcomes[scale.Rung].Charged, remaining: null);
        }

        return path;
    }
}
