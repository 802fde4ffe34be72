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
    /// <param name="remaining">Time to the deadline; null without one. The coarsest scale that fits is run however little is left.</param>
    /// <returns>False when nothing that the policy allows fits the caps and the model's context.</returns>
    /// <exception cref="ArgumentException">No rung of the ladder lies within the bounds.</exception>
    public static bool TryDecide(
        RoutingRules rules,
        ScalePrediction? prediction,
        IReadOnlyList<Cost> estimates,
        ExplorationDraw draw,
        TimeSpan? remaining,
        [NotNullWhen(true)] out ScaleDecision? decision,
        [NotNullWhen(false)] out ScaleRefusal? refusal)
    {
        VisualScale[] fitting = [.. rules.Ladder.Where(scale => rules.Allow(scale, estimates[scale.Rung]))];
        if (fitting is [])
        {
            (decision, refusal) = (null, Refuse(rules, estimates));
            return false;
        }

        var allowance = new Allowance(rules.Caps, Cost.Zero, remaining);
        VisualScale[] eligible = [.. fitting.Where((scale, i) => i == 0 || allowance.Allows(estimates[scale.Rung]))];
        (decision, refusal) = (Explore(rules, eligible, Prefer(rules, prediction, estimates, eligible, allowance), draw), null);
        return true;
    }

    private static ScaleRefusal Refuse(RoutingRules rules, IReadOnlyList<Cost> estimates)
    {
        if (!rules.InBounds.Any()) throw new ArgumentException("No rung of the ladder lies within the bounds.", nameof(rules));
        var cheapest = rules.InBounds.First();
        return new(cheapest, estimates[cheapest.Rung], TooLong: !rules.Room.Fits(cheapest));
    }

    private static ScaleDecision Prefer(
        RoutingRules rules, ScalePrediction? prediction, IReadOnlyList<Cost> estimates, VisualScale[] eligible, Allowance allowance)
    {
        if (rules.Policy is Policy.Fixed) return new(eligible[0], StepReason.Fixed, 1);
        if (prediction is null) return new(NearestSafe(rules.SafeScale, eligible), StepReason.SafeScale, 1);
        if (rules.Policy is Policy.Quality { Guarantee: null })
            return new(eligible[^1], eligible[^1] == rules.Ladder[^1] ? StepReason.NoGuarantee : StepReason.Capped, 1);

        var outlook = new Outlook
        {
            Price = rules.Policy.Price,
            Success = prediction.Success,
            Scales = eligible,
            Estimates = estimates,
            Runs = 1 + rules.Escalation.MaxEscalations,
            Allowance = allowance,
        };
        var weighed = ScaleWorth.Weigh(outlook);
        var chosen = Chosen(weighed);
        var wished = Chosen(ScaleWorth.Weigh(outlook with { Scales = rules.Ladder, Allowance = Allowance.Unlimited }));
        return new(chosen, chosen == wished ? ReasonOf(rules.Policy) : StepReason.Capped, 1) { Weighed = weighed };
    }

    private static StepReason ReasonOf(Policy policy) => policy switch
    {
        Policy.Quality => StepReason.Quality,
        Policy.Target => StepReason.Target,
        Policy.Economy => StepReason.Economy,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "Not a policy that this decider knows."),
    };

    private static VisualScale Chosen(ScaleOption[] weighed) =>
        ScaleWorth.Best(weighed).Scale ?? throw new InvalidOperationException("Before any run there is no answer to keep.");

    // Finest eligible scale up to the safe one, else the coarsest eligible.
    private static VisualScale NearestSafe(VisualScale safe, VisualScale[] eligible) =>
        eligible.LastOrDefault(scale => scale <= safe) is { Tokens: > 0 } below ? below : eligible[0];

    private static ScaleDecision Explore(RoutingRules rules, VisualScale[] eligible, ScaleDecision preferred, ExplorationDraw draw)
    {
        if (rules.ExplorationRate == 0 || rules.Policy is Policy.Fixed) return preferred;

        var explores = draw.Coin < rules.ExplorationRate;
        var scale = explores ? eligible[(int)(draw.Choice * eligible.Length)] : preferred.Scale;
        var propensity = rules.ExplorationRate / eligible.Length + (scale == preferred.Scale ? 1 - rules.ExplorationRate : 0);
        return preferred with { Scale = scale, Reason = explores ? StepReason.Exploration : preferred.Reason, Propensity = propensity };
    }
}
