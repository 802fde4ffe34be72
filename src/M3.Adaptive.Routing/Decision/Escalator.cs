using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Where a request stands after an answer.</summary>
/// <param name="Scale">The scale that gave the answer.</param>
/// <param name="Escalations">Finer scales tried so far.</param>
/// <param name="Confidence">Calibrated probability that the answer is right; NaN without a confidence model.</param>
/// <param name="Charged">What all scales so far were charged.</param>
/// <param name="Remaining">Time to the deadline; null without one.</param>
public sealed record Standing(VisualScale Scale, int Escalations, float Confidence, Cost Charged, TimeSpan? Remaining);

/// <summary>Decides whether a finer scale is worth running, and which. Pure; may skip rungs; never leaves caps, bounds or context.</summary>
public static class Escalator
{
    /// <param name="prediction">Null without a usable predictor: then the cheapest finer scale that fits is next.</param>
    /// <param name="estimates">What each scale would be charged at most, coarsest first.</param>
    public static EscalationVerdict Next(RoutingRules rules, ScalePrediction? prediction, IReadOnlyList<Cost> estimates, Standing standing)
    {
        if (rules.Escalation.MaxEscalations == 0) return SettledReason.EscalationOff;
        VisualScale[] finer = [.. rules.InBounds.Where(scale => scale > standing.Scale)];
        if (finer is []) return SettledReason.Finest;
        if (float.IsNaN(standing.Confidence)) return SettledReason.NoConfidence;
        if (standing.Confidence >= rules.Escalation.ConfidenceThreshold) return SettledReason.Confident;
        if (standing.Escalations >= rules.Escalation.MaxEscalations) return SettledReason.MaxEscalations;

        VisualScale[] fitting = [.. finer.Where(rules.Room.Fits)];
        if (fitting is []) return SettledReason.NoRoom;
        VisualScale[] affordable = [.. fitting.Where(scale => rules.Caps.Allow(standing.Charged + estimates[scale.Rung]))];
        if (affordable is []) return SettledReason.Cap;
        VisualScale[] timely = [.. affordable.Where(scale => !(estimates[scale.Rung].Seconds > standing.Remaining?.TotalSeconds))];
        if (timely is []) return SettledReason.Deadline;

        return prediction is null ? timely[0] : BestGainPerCost(rules.Escalation, prediction, estimates, standing, timely);
    }

    /// <summary>
    /// What a run at a finer scale is expected to add to the probability of a right answer. An answer that is right stays
    /// right at finer scales; a wrong one is put right with the probability that the predictor gives to "right there, given wrong here".
    /// </summary>
    public static double ExpectedGain(ScalePrediction prediction, VisualScale current, VisualScale finer, float confidence)
    {
        double here = prediction.At(current), there = prediction.At(finer);
        var putsRight = here < 1 ? Math.Max(0, (there - here) / (1 - here)) : 0;
        return (1 - confidence) * putsRight;
    }

    // A run that leaves the confidence below the threshold is likely to be paid for twice, so scales expected to reach it go first.
    private static EscalationVerdict BestGainPerCost(
        EscalationRules rules, ScalePrediction prediction, IReadOnlyList<Cost> estimates, Standing standing, VisualScale[] candidates)
    {
        double Gain(VisualScale scale) => ExpectedGain(prediction, standing.Scale, scale, standing.Confidence);

        VisualScale[] worthwhile = [.. candidates.Where(scale => Gain(scale) > rules.MinGain)];
        if (worthwhile is []) return SettledReason.NoExpectedGain;
        VisualScale[] settling = [.. worthwhile.Where(scale => standing.Confidence + Gain(scale) >= rules.ConfidenceThreshold)];
        return (settling is [] ? worthwhile : settling).MaxBy(scale => Gain(scale) / estimates[scale.Rung].VisualTokens);
    }
}
