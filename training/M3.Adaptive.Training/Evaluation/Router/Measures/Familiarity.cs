using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>What a set of requests makes of the reported confidence, over the answers that the router keeps.</summary>
/// <param name="Items">Questions.</param>
/// <param name="Share">Share of the answers that are called unfamiliar.</param>
/// <param name="Auroc">How well the reported confidence tells right answers from wrong ones.</param>
/// <param name="Ece">Its calibration error.</param>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="Confidence">Mean confidence reported.</param>
/// <param name="ConfidenceBefore">The same before the correction.</param>
/// <param name="Intervals">Of share, auroc and ece.</param>
public sealed record Familiarity(
    int Items, double Share, double Auroc, double Ece, double Accuracy, double Confidence, double ConfidenceBefore, IReadOnlyDictionary<string, Estimate> Intervals)
{
    public static Familiarity Of(PictureResampling worlds, Forecasts forecasts, IReadOnlyList<Routed> routed)
    {
        var kept = routed.Select((run, i) => (run.Path.Last, Forecast: forecasts.After[i][run.Path.Last.Rung])).ToArray();
        float[] reported = [.. kept.Select(answer => answer.Forecast.Reported[answer.Last.Rung])];
        bool[] right = [.. routed.Select(run => run.Right)];
        var flagged = worlds.Mean(i => kept[i].Forecast.Unfamiliar ? 1 : 0);
        var (share, credibility) = (worlds.Estimate(world => flagged[world]), Credibility.Of(worlds, reported, right));
        return new Familiarity(
            routed.Count, share.Value, credibility.Auroc.Value, credibility.Ece.Value,
            right.Average(one => one ? 1.0 : 0), reported.Average(), kept.Average(answer => answer.Forecast.At(answer.Last)),
            new Dictionary<string, Estimate> { ["share"] = share, ["auroc"] = credibility.Auroc, ["ece"] = credibility.Ece });
    }
}
