using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Labels;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Escalation;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>What a router did with one item.</summary>
/// <param name="Path">Scales in the order they ran.</param>
/// <param name="Right">Whether the last answer is right.</param>
/// <param name="Charged">Sum over the path.</param>
public sealed record ReplayedItem(IReadOnlyList<VisualScale> Path, bool Right, Cost Charged);

/// <summary>
/// Routes the items of a label table as the service would, with the same decision functions, but looks answers up instead
/// of generating them.
/// </summary>
public static class RouterReplay
{
    public static IReadOnlyList<ReplayedItem> Run(LabelTable table, TrainedPredictor predictor, RoutingRules rules) =>
        [.. table.Items.Select(item => Run(item, table.FeaturesOf(item), predictor, rules))];

    private static ReplayedItem Run(LabelItem item, float[] features, TrainedPredictor predictor, RoutingRules rules)
    {
        var prediction = new ScalePrediction(predictor.Success(features), features);
        Cost[] costs = [.. item.Outcomes.Select(outcome => outcome.Charged)];
        if (!Decider.TryDecide(rules, prediction, costs, default, out var decision, out _))
            throw new ArgumentException("The rules leave no scale for some item.", nameof(rules));

        List<VisualScale> path = [];
        var charged = Cost.Zero;
        VisualScale? next = decision.Scale;
        while (next is { } scale)
        {
            path.Add(scale);
            charged += costs[scale.Rung];
            var confidence = predictor.Of(item.Outcomes[scale.Rung].Evidence, firstTokenOnly: false, scale, prediction.Success);
            next = Escalator.Next(rules, prediction, costs, new Standing(scale, path.Count - 1, confidence, charged, Remaining: null)).Next;
        }

        return new ReplayedItem(path, item.Outcomes[path[^1].Rung].Right, charged);
    }
}
