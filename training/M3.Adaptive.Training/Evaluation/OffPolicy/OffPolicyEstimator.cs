using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.OffPolicy;

/// <summary>
/// Judges a policy on what another one chose and logged with its propensity. Only the choices that both may make can be told from such a log; where these
/// are too few there is no verdict. Pure.
/// </summary>
public static class OffPolicyEstimator
{
    /// <summary>Below this effective sample size a share of right answers has an interval of some ten points to either side, and its ends are no longer to be believed.</summary>
    public const double LeastEffectiveSampleSize = 100;

    /// <param name="choices">Logged ones, none left out because of what came of it.</param>
    /// <param name="draws">Of pictures, for the intervals.</param>
    /// <param name="least">Effective sample size that a verdict needs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A propensity is not above 0 and up to 1, or a target probability not 0 to 1.</exception>
    public static OffPolicyReport Evaluate(
        IReadOnlyList<LoggedChoice> choices, int draws = PictureResampling.DefaultDraws, int seed = 1, double least = LeastEffectiveSampleSize)
    {
        foreach (var choice in choices)
        {
            if (choice.Propensity is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(choices), choice.Propensity, "A propensity is above 0 and at most 1.");
            if (choice.Target is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(choices), choice.Target, "A target probability is 0 to 1.");
        }

        var size = EffectiveSampleSize(choices);
        if (size < least)
            return new OffPolicyReport(null, choices.Count, $"{choices.Count} logged choices are worth {size:F0} of the judged policy's own; {least:F0} are needed: explore more, or log longer");

        var worlds = new PictureResampling(choices.Select(choice => choice.Picture), draws, seed);
        var (weighted, weights, corrected) = (
            worlds.Mean(i => choices[i].Weight * choices[i].Reward),
            worlds.Mean(i => choices[i].Weight),
            worlds.Mean(i => choices[i].ModelledTarget + choices[i].Weight * (choices[i].Reward - choices[i].Modelled)));
        return new OffPolicyReport(
            new OffPolicyValue(
                worlds.Estimate(world => weighted[world]),
                worlds.Estimate(world => weights[world] > 0 ? weighted[world] / weights[world] : 0),
                worlds.Estimate(world => corrected[world]),
                size),
            choices.Count,
            WhyNone: null);
    }

    /// <summary>0 where the judged policy makes none of the choices.</summary>
    public static double EffectiveSampleSize(IReadOnlyList<LoggedChoice> choices)
    {
        var (sum, squares) = (choices.Sum(choice => choice.Weight), choices.Sum(choice => choice.Weight * choice.Weight));
        return squares > 0 ? sum * sum / squares : 0;
    }
}
