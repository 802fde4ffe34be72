using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Labels;

namespace M3.Adaptive.Training.Evaluation;

/// <summary>Accuracy and mean cost of a chooser.</summary>
internal sealed record OracleResult(double Accuracy, double MeanVisualTokens);

/// <summary>Accuracy of fixed scales per family, and the oracles: what <c>eval --json</c> prints.</summary>
/// <param name="Scales">By visual tokens.</param>
/// <param name="Families">Family, then visual tokens.</param>
/// <param name="FirstRight">Share of items whose monotone oracle scale is this rung; "never" for those never right at the finest.</param>
internal sealed record LadderReport(
    IReadOnlyDictionary<string, Share> Scales,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Families,
    OracleResult Oracle,
    OracleResult MonotoneOracle,
    IReadOnlyDictionary<string, double> FirstRight,
    int Items)
{
    /// <param name="items">At least one.</param>
    public static LadderReport Of(IReadOnlyList<LabelItem> items)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        return new LadderReport(
            VisualScale.All.ToDictionary(Name, scale => Share.Of(items.Count(item => item.Outcomes[scale.Rung].Right), items.Count)),
            items.GroupBy(item => item.Family.Length > 0 ? item.Family : "all").OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => (IReadOnlyDictionary<string, double>)VisualScale.All.ToDictionary(Name, scale => group.Average(item => One(item.Outcomes[scale.Rung].Right)))),
            new OracleResult(
                items.Average(item => One(item.Outcomes.Any(outcome => outcome.Right))),
                items.Average(item => Predictor.Evaluation.Oracle.Scale(item).Tokens)),
            new OracleResult(
                items.Average(item => One(Solved(item))),
                items.Average(item => Predictor.Evaluation.Oracle.MonotoneScale(item).Tokens)),
            VisualScale.All.Select(scale => (Name(scale), items.Count(item => Solved(item) && Predictor.Evaluation.Oracle.MonotoneScale(item) == scale)))
                .Append(("never", items.Count(item => !Solved(item))))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2 / (double)items.Count),
            items.Count);
    }

    // Right at some scale and at every finer one: exactly when the finest is right.
    private static bool Solved(LabelItem item) => item.Outcomes[^1].Right;

    private static string Name(VisualScale scale) => $"{scale}";

    private static double One(bool right) => right ? 1 : 0;
}
