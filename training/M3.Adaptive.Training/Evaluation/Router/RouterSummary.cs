using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>A report in three sentences, for who decides and does not route.</summary>
internal static class RouterSummary
{
    public static IReadOnlyList<string> Of(RouterReport report)
    {
        var (quality, gap) = (report.Quality, report.OracleGapClosed);
        var hopeless = quality.Accuracy < 1 ? report.Regret.NeverRight / (1 - quality.Accuracy) : 0;
        return
        [
            $"Choosing for itself how closely to look, the model answers {quality.Accuracy:P1} of {report.Items:N0} questions right with {quality.VisualTokenShare:P0} of the visual tokens that always looking "
            + $"as closely as possible takes, which answers {quality.AccuracyFinest:P1}: {Difference(report.Intervals["quality.loss"])}.",
            $"For the same tokens, settings chosen blindly would answer {quality.Hull:P1} and a choice that knew every answer beforehand {quality.Oracle:P1}; the router goes {gap.Value:P0} of the way "
            + $"between the two (95 % interval {gap.Low:P0} to {gap.High:P0}).",
            $"Of the answers that are wrong, {hopeless:P0} are wrong however closely the model looks: these take a better model, not a better router.",
        ];
    }

    private static string Difference(Estimate loss)
    {
        var interval = $"95 % interval {Points(Math.Min(loss.Low, loss.High))} to {Points(loss.High)}";
        return loss.Value >= 0 ? $"{Points(loss.Value)} points lost ({interval})" : $"{Points(-loss.Value)} points won (of a loss, {interval})";
    }

    private static string Points(double share) => $"{100 * share:F1}";
}
