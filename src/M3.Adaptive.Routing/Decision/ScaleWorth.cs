using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>
/// The rule by which the first scale and every further one is chosen: the largest expected success less cost, where a run is also worth
/// part of what finer scales could make of a wrong answer. Pure.
/// </summary>
/// <remarks>
/// With p the probability of a right answer, c the price of a run and q(u, v) = max(0, (p(v) - p(u)) / (1 - p(u))) the probability that a
/// wrong answer at u is put right at v: W(u) = max(0, max over v > u of q(u, v) - c(v) + (1 - q(u, v)) W(v)) is what can still be had
/// after u, and running u is worth p(u) - c(u) + <see cref="LookAhead"/> (1 - p(u)) W(u).
/// </remarks>
public static class ScaleWorth
{
    /// <summary>Part of W that is believed: forecasts behind a forecast are uncertain. On m3-nano's calibration labels 1 and 0 are both worse.</summary>
    public const double LookAhead = 0.5;

    /// <summary>What each thing that can be done is worth: keeping the answer in hand first, then the scales, coarsest first.</summary>
    public static ScaleOption[] Weigh(Outlook outlook) =>
    [
        .. outlook.InHand is { } hand ? [new ScaleOption(null, outlook.Success[hand.Rung], outlook.Success[hand.Rung], MeanCost.Zero)] : (ScaleOption[])[],
        .. outlook.Scales.Select(scale => Run(outlook, scale)),
    ];

    /// <summary>The option with the largest value, the cheaper one of equals.</summary>
    public static ScaleOption Best(IEnumerable<ScaleOption> options) => options.MaxBy(option => option.Value);

    private static ScaleOption Run(Outlook outlook, VisualScale scale)
    {
        var (success, cost) = (outlook.Success[scale.Rung], outlook.Estimates[scale.Rung]);
        var later = After(outlook, scale, cost, outlook.Runs - 1);
        var reached = LookAhead * (1 - success);
        return new(scale, success, success - outlook.Price.Of(cost) + reached * later.Worth, cost + reached * later.Cost);
    }

    /// <summary>What is still to be had once the answer at a scale has turned out wrong, and what it is expected to cost.</summary>
    /// <param name="spent">What the runs up to there are charged.</param>
    private static (double Worth, MeanCost Cost) After(Outlook outlook, VisualScale wrong, Cost spent, int runs)
    {
        (double Worth, MeanCost Cost) best = (0, MeanCost.Zero);
        if (runs == 0) return best;
        foreach (var finer in outlook.Scales)
        {
            var cost = outlook.Estimates[finer.Rung];
            if (finer <= wrong || !outlook.Allowance.Allows(spent + cost)) continue;
            var putRight = PutRight(outlook.Success[wrong.Rung], outlook.Success[finer.Rung]);
            var later = After(outlook, finer, spent + cost, runs - 1);
            var worth = putRight - outlook.Price.Of(cost) + (1 - putRight) * later.Worth;
            if (worth > best.Worth) best = (worth, cost + (1 - putRight) * later.Cost);
        }

        return best;
    }

    private static double PutRight(double here, double there) => here < 1 ? Math.Max(0, (there - here) / (1 - here)) : 0;
}
