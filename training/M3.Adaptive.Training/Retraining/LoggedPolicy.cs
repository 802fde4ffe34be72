using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.OffPolicy;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Retraining.Evidence;

namespace M3.Adaptive.Training.Retraining;

/// <summary>
/// What logged choices say of a predictor's first choices where a request wishes for nothing. A reward is whether the answer that was served in the end is right: what came of
/// the log's own escalations is in it.
/// </summary>
internal static class LoggedPolicy
{
    private static readonly Cost[] Costs = [.. VisualScale.All.Select(scale => new Cost(scale.Tokens, 0, 0))];

    public static OffPolicyReport Evaluate(TrainedPredictor predictor, IReadOnlyList<ScaleChoice> choices, ServedDefaults defaults)
    {
        var rules = defaults.Rules(predictor.Prices);
        return OffPolicyEstimator.Evaluate([.. choices.Select(choice =>
        {
            var success = predictor.Success(choice.Features);
            if (!Episode.TryStart(rules, new ScalePrediction(success, choice.Features), Costs, default, remaining: null, out var episode, out _) || episode.Next is not { } first)
                throw new InvalidOperationException("The default policy leaves no scale.");
            return new LoggedChoice(choice.Image, choice.Propensity, first == choice.First ? 1 : 0, choice.Right ? 1 : 0, success[choice.First.Rung], success[first.Rung]);
        })]);
    }
}
