using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>How often answers were run again at a finer scale, and what that changed. A share of nothing is 0, never NaN.</summary>
/// <param name="Rate">Share of items with more than one run.</param>
/// <param name="Precision">Share of escalated items whose first answer was wrong.</param>
/// <param name="Recall">Share of wrong first answers that were escalated.</param>
/// <param name="Harm">Share of escalated items whose right first answer became wrong.</param>
public sealed record EscalationReport(double Rate, double Precision, double Recall, double Harm)
{
    /// <summary>The four figures with their intervals, by their names in JSON.</summary>
    public static IReadOnlyDictionary<string, Estimate> Estimates(PictureResampling worlds, LabelTable table, IReadOnlyList<Routed> routed)
    {
        bool FirstRight(int i) => table.Items[i].Outcomes[routed[i].Path.First.Rung].Right;
        bool Escalated(int i) => routed[i].Path.Count > 1;
        double[] Mean(Func<int, bool> of) => worlds.Mean(i => of(i) ? 1 : 0);

        var (escalated, wrong) = (Mean(Escalated), Mean(i => !FirstRight(i)));
        var (found, harmed) = (Mean(i => Escalated(i) && !FirstRight(i)), Mean(i => Escalated(i) && FirstRight(i) && !routed[i].Right));
        return new Dictionary<string, Estimate>
        {
            ["rate"] = worlds.Estimate(world => escalated[world]),
            ["precision"] = worlds.Estimate(world => Part(found[world], escalated[world])),
            ["recall"] = worlds.Estimate(world => Part(found[world], wrong[world])),
            ["harm"] = worlds.Estimate(world => Part(harmed[world], escalated[world])),
        };
    }

    public static EscalationReport Of(IReadOnlyDictionary<string, Estimate> estimates) =>
        new(estimates["rate"].Value, estimates["precision"].Value, estimates["recall"].Value, estimates["harm"].Value);

    private static double Part(double part, double whole) => whole == 0 ? 0 : part / whole;
}
