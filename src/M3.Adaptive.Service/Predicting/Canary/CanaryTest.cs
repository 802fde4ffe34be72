using M3.Adaptive.Store.Trials;

namespace M3.Adaptive.Service.Predicting.Canary;

/// <summary>
/// Whether a canary is worse than the champion: by the share of right answers, or by what an answer is charged. It may be asked as often as one likes: each mean has an
/// interval that covers it at all times together (asymptotic confidence sequence, Waudby-Smith et al. 2021, "Time-uniform central limit theory"), and the canary is worse only
/// where the two sides' intervals part. The error is divided evenly among the four intervals. Pure.
/// </summary>
internal static class CanaryTest
{
    // The sample size at which the intervals are narrowest; they hold at every other.
    private const double Tightest = 500;

    /// <returns>What it is worse in, for people; null while nothing proves it.</returns>
    public static string? Regression(TrialFigures figures, CanaryOptions options)
    {
        var (champion, canary) = (figures.Champion, figures.Challenger);
        var alpha = options.Delta / 4;
        if (Math.Min(champion.Outcomes, canary.Outcomes) >= options.LeastAnswers)
        {
            var (before, now) = (RightOf(champion, alpha), RightOf(canary, alpha));
            if (now.High < before.Low)
                return FormattableString.Invariant($"right in {Share(canary):P1} of {canary.Outcomes} known answers, the champion in {Share(champion):P1} of {champion.Outcomes}");
        }

        if (Math.Min(champion.Answers, canary.Answers) >= options.LeastAnswers)
        {
            var (before, now) = (ChargedOf(champion, alpha), ChargedOf(canary, alpha));
            if (now.Low > before.High * (1 + options.CostMargin))
                return FormattableString.Invariant($"charges {canary.MeanVisualTokens:F1} visual tokens an answer, the champion {champion.MeanVisualTokens:F1}");
        }

        return null;
    }

    /// <summary>Share of right answers; null where none is known.</summary>
    public static double? Share(TrialArm arm) => arm.Outcomes == 0 ? null : (double)arm.Right / arm.Outcomes;

    /// <summary>Half the width of the interval at a sample size, for values of a standard deviation.</summary>
    internal static double HalfWidth(double deviation, long count, double alpha)
    {
        var tuned = (-2 * Math.Log(alpha) + Math.Log(-2 * Math.Log(alpha) + 1)) / Tightest;
        var weight = count * tuned + 1;
        return deviation * Math.Sqrt(weight / (count * (double)count * tuned) * Math.Log(weight / (alpha * alpha)));
    }

    // One right and one wrong answer more, so that a run of equal ones does not look certain.
    private static (double Low, double High) RightOf(TrialArm arm, double alpha)
    {
        var share = (arm.Right + 1.0) / (arm.Outcomes + 2);
        var half = HalfWidth(Math.Sqrt(share * (1 - share)), arm.Outcomes, alpha);
        return (share - half, share + half);
    }

    private static (double Low, double High) ChargedOf(TrialArm arm, double alpha)
    {
        var half = HalfWidth(arm.Deviation, arm.Answers, alpha);
        return (arm.MeanVisualTokens - half, arm.MeanVisualTokens + half);
    }
}
