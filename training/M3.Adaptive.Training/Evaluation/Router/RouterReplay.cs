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
    public static IReadOnlyList<ReplayedItem> Run(LabelTable table, IForecaster predictor, RoutingRules rules) =>
        [.. table.Items.Select(item => Run(item, predictor.Predict(table.ImageFeatures[item.Image], item.Question), predictor, rules))];

    private static ReplayedItem Run(LabelItem item, ScalePrediction prediction, IForecaster predictor, RoutingRules rules)
    {
        if (!Episode.TryStart(rules, prediction, [.. item.Outcomes.Select(outcome => outcome.Charged)], default, out var episode, out _))
            throw new ArgumentException("The rules leave no scale for some item.", nameof(rules));

        while (episode.Next is { } scale)
        {
            var outcome = item.Outcomes[scale.Rung];
            var confidence = predictor.AfterRun(prediction, item.Question, scale, outcome.Evidence, outcome.Answer).At(scale);
            episode = episode.Observe(confidence, outcome.Charged, remaining: null);
        }

        return new ReplayedItem([.. episode.Path.Select(step => step.Scale)], item.Outcomes[episode.Path[^1].Scale.Rung].Right, episode.Charged);
    }
}
