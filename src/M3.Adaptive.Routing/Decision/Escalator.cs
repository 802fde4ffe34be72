using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Where a request stands after an answer.</summary>
/// <param name="Scale">The scale that gave the answer.</param>
/// <param name="Escalations">Finer scales tried so far.</param>
/// <param name="Charged">What all scales so far were charged.</param>
/// <param name="Remaining">Time to the deadline; null without one.</param>
public sealed record Standing(VisualScale Scale, int Escalations, Cost Charged, TimeSpan? Remaining);

/// <summary>Decides whether a finer scale is worth running, and which. Pure; may skip rungs; never leaves caps, bounds or context.</summary>
public static class Escalator
{
    /// <param name="forecast">What is known of the answer in hand and of finer scales; null when it could not be judged.</param>
    /// <param name="estimates">What each scale would be charged at most, coarsest first.</param>
    public static EscalationVerdict Next(RoutingRules rules, AnswerForecast? forecast, IReadOnlyList<Cost> estimates, Standing standing)
    {
        if (rules.Escalation.MaxEscalations == 0) return SettledReason.EscalationOff;
        VisualScale[] finer = [.. rules.InBounds.Where(scale => scale > standing.Scale)];
        if (finer is []) return SettledReason.Finest;
        if (forecast is null) return SettledReason.NoConfidence;

        var wishes = new Outlook
        {
            Price = rules.Policy.Price,
            Success = forecast.Success,
            InHand = standing.Scale,
            Scales = finer,
            Estimates = estimates,
            Runs = finer.Length,
        };
        var wished = ScaleWorth.Weigh(wishes);
        if (ScaleWorth.Best(wished).Scale is not { } wish) return new(null, SettledReason.NoExpectedGain, wished);
        if (standing.Escalations >= rules.Escalation.MaxEscalations) return new(null, SettledReason.MaxEscalations, wished);

        var allowance = new Allowance(rules.Caps, standing.Charged, standing.Remaining);
        var weighed = ScaleWorth.Weigh(wishes with
        {
            Scales = [.. finer.Where(scale => rules.Room.Fits(scale) && allowance.Allows(estimates[scale.Rung]))],
            Allowance = allowance,
            Runs = rules.Escalation.MaxEscalations - standing.Escalations,
        });
        return ScaleWorth.Best(weighed).Scale is { } next
            ? new(next, SettledReason.None, weighed)
            : new(null, Against(wish, rules, estimates[wish.Rung], allowance), weighed);
    }

    // What keeps the scale from running that would be run if nothing did.
    private static SettledReason Against(VisualScale wish, RoutingRules rules, Cost estimate, Allowance allowance) =>
        !rules.Room.Fits(wish) ? SettledReason.NoRoom
        : !(allowance with { Remaining = null }).Allows(estimate) ? SettledReason.Cap
        : !allowance.Allows(estimate) ? SettledReason.Deadline
        : SettledReason.NoExpectedGain;                                       // it fits, but not what it was to lead to
}
