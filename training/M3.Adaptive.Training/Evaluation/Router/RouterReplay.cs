using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>What a router did with one item.</summary>
/// <param name="Path">Scales in the order they ran.</param>
/// <param name="Right">Whether the last answer is right.</param>
/// <param name="Charged">Sum over the path.</param>
public sealed record ReplayedItem(IReadOnlyList<VisualScale> Path, bool Right, Cost Charged);

/// <summary>Routes the items of a label table by the type that routes the service's requests, but looks answers up instead of generating them.</summary>
public static class RouterReplay
{
    public static IReadOnlyList<ReplayedItem> Run(LabelTable table, IForecaster predictor, RoutingRules rules) => Run(new ForecastTable(table, predictor), rules);

    /// <summary>The same under further rules, without asking the predictor again.</summary>
    public static IReadOnlyList<ReplayedItem> Run(ForecastTable forecasts, RoutingRules rules) =>
        [.. forecasts.Table.Items.Select((item, i) => Run(item, i, forecasts, rules))];

    private static ReplayedItem Run(LabelItem item, int i, ForecastTable forecasts, RoutingRules rules)
    {
        Cost[] costs = [.. item.Outcomes.Select(outcome => outcome.Charged)];
        if (!Episode.TryStart(rules, forecasts.Before(i), costs, default, remaining: null, out var episode, out _))
            throw new ArgumentException("The rules leave no scale for some item.", nameof(rules));

        while (episode.Next is { } scale)
        {
            episode = episode.Observe(forecasts.After(i, scale), costs[scale.Rung], remaining: null);
        }

        return new ReplayedItem([.. episode.Path.Select(step => step.Scale)], item.Outcomes[episode.Path[^1].Scale.Rung].Right, episode.Charged);
    }
}
