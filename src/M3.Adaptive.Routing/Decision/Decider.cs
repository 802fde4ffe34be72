using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Chooses the first scale of a request. Pure: the same input gives the same decision.</summary>
public static class Decider
{
    /// <param name="rules">The caller's wish.</param>
    /// <param name="prediction">Null without a usable predictor.</param>
    /// <param name="estimates">What each scale would be charged at most, coarsest first.</param>
    /// <param name="draw">The random numbers of this request; without effect when the rules do not explore.</param>
    /// <returns>False when nothing that the policy allows fits the caps and the model's context.</returns>
    /// <exception cref="ArgumentException">No rung of the ladder lies within the bounds.</exception>
    public static bool TryDecide(
        RoutingRules rules,
        ScalePrediction? prediction,
        IReadOnlyList<Cost> estimates,
        ExplorationDraw draw,
        [NotNullWhen(true)] out ScaleDecision? decision,
        [NotNullWhen(false)] out ScaleRefusal? refusal)
    {
        VisualScale[] eligible = [.. rules.Ladder.Where(scale => rules.Allow(scale, estimates[scale.Rung]))];
        (decision, refusal) = eligible is []
            ? (null, Refuse(rules, estimates))
            : (Explore(rules, eligible, Prefer(rules, prediction, eligible), draw), (ScaleRefusal?)null);
        return decision is not null;
    }

    private static ScaleRefusal Refuse(RoutingRules rules, IReadOnlyList<Cost> estimates)
    {
        if (!rules.InBounds.Any()) throw new ArgumentException("No rung of the ladder lies within the bounds.", nameof(rules));
        var cheapest = rules.InBounds.First();
        return new(cheapest, estimates[cheapest.Rung], TooLong: !rules.Room.Fits(cheapest));
    }

    private static ScaleDecision Prefer(RoutingRules rules, ScalePrediction? prediction, VisualScale[] eligible)
    {
        if (rules.Policy is Policy.Fixed) return new(eligible[0], StepReason.Fixed, 1);
        if (prediction is null) return new(NearestSafe(rules.SafeScale, eligible), StepReason.SafeScale, 1);

        var (choose, reason) = rules.Policy switch
        {
            Policy.Quality quality => ((Func<VisualScale[], VisualScale>)(scales => WithinRisk(scales, prediction, rules.Ladder[^1], quality.Risk)), StepReason.Quality),
            Policy.Economy economy => (scales => BestValue(scales, prediction, economy.PricePerVisualToken), StepReason.Economy),
            _ => throw new ArgumentOutOfRangeException(nameof(rules), rules.Policy, "Not a policy that this decider knows."),
        };
        var chosen = choose(eligible);
        return new(chosen, chosen == choose([.. rules.Ladder]) ? reason : StepReason.Capped, 1);
    }

    // Finest eligible scale up to the safe one, else the coarsest eligible.
    private static VisualScale NearestSafe(VisualScale safe, VisualScale[] eligible) =>
        eligible.LastOrDefault(scale => scale <= safe) is { Tokens: > 0 } below ? below : eligible[0];

    private static VisualScale WithinRisk(VisualScale[] scales, ScalePrediction prediction, VisualScale finest, double risk)
    {
        var needed = prediction.At(finest) - risk;
        return scales.FirstOrDefault(scale => prediction.At(scale) >= needed) is { Tokens: > 0 } cheapest
            ? cheapest
            : scales.MaxBy(prediction.At);                                    // the first of equals: the cheapest
    }

    private static VisualScale BestValue(VisualScale[] scales, ScalePrediction prediction, double price) =>
        scales.MaxBy(scale => prediction.At(scale) - price * scale.Tokens);

    private static ScaleDecision Explore(RoutingRules rules, VisualScale[] eligible, ScaleDecision preferred, ExplorationDraw draw)
    {
        if (rules.ExplorationRate == 0 || rules.Policy is Policy.Fixed) return preferred;

        var explores = draw.Coin < rules.ExplorationRate;
        var scale = explores ? eligible[(int)(draw.Choice * eligible.Length)] : preferred.Scale;
        var propensity = rules.ExplorationRate / eligible.Length + (scale == preferred.Scale ? 1 - rules.ExplorationRate : 0);
        return new(scale, explores ? StepReason.Exploration : preferred.Reason, propensity);
    }
}
