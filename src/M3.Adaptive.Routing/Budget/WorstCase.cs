using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Budget;

/// <summary>The most that an episode can be charged from its first scale on: with every escalation that its rules allow, within its caps. Pure.</summary>
public static class WorstCase
{
    /// <param name="episode">One that has run nothing yet.</param>
    public static Cost Of(Episode episode)
    {
        var (rules, first) = (episode.Rules, episode.Decision.Scale);
        Cost[] finer = [.. rules.InBounds.Where(scale => scale > first && rules.Room.Fits(scale)).Select(scale => episode.Estimates[scale.Rung])];
        var most = episode.Estimates[first.Rung] + new Cost(
            finer.Select(cost => cost.VisualTokens).OrderDescending().Take(rules.Escalation.MaxEscalations).Sum(),
            Largest(finer.Select(cost => cost.Flops), rules.Escalation.MaxEscalations),
            Largest(finer.Select(cost => cost.Seconds), rules.Escalation.MaxEscalations));
        return most with
        {
            VisualTokens = Math.Min(most.VisualTokens, rules.Caps.VisualTokens ?? long.MaxValue),
            Flops = Math.Min(most.Flops, rules.Caps.Flops ?? double.MaxValue),
        };
    }

    private static double Largest(IEnumerable<double> costs, int count) => costs.OrderDescending().Take(count).Sum();
}
