using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>Where the wrong answers come from, as shares of all items; the five parts add up to all wrong answers.</summary>
/// <param name="NeverRight">No scale answers right: no router can help.</param>
/// <param name="CoarserRunRight">A coarser run was right, the one that counts is not: the router went on for the worse.</param>
/// <param name="FinerRight">A finer scale than the last run, but not the finest, would have been right: the router stopped early.</param>
/// <param name="OnlyFinestRight">Of the finer scales only the finest would have been right.</param>
/// <param name="PassedOver">Only a coarser scale that did not run would have been right.</param>
/// <param name="TokensOnNeverRight">Mean visual tokens an item, counted over all items, that go to items that are never right.</param>
/// <param name="TokensBeyondOracle">Mean visual tokens an item that right answers were charged beyond their cheapest right scale.</param>
public sealed record RegretSplit(
    double NeverRight, double CoarserRunRight, double FinerRight, double OnlyFinestRight, double PassedOver, double TokensOnNeverRight, double TokensBeyondOracle)
{
    public static RegretSplit Of(LabelTable table, IReadOnlyList<Routed> routed)
    {
        var kinds = table.Items.Zip(routed, KindOf).ToArray();
        double Share(Kind kind) => kinds.Count(other => other == kind) / (double)kinds.Length;

        return new RegretSplit(
            Share(Kind.NeverRight), Share(Kind.CoarserRunRight), Share(Kind.FinerRight), Share(Kind.OnlyFinestRight), Share(Kind.PassedOver),
            table.Items.Zip(routed, (item, run) => item.Outcomes.Any(outcome => outcome.Right) ? 0.0 : run.Charged.VisualTokens).Average(),
            table.Items.Zip(routed, (item, run) => run.Right ? (double)(run.Charged.VisualTokens - Oracle.Scale(item).Tokens) : 0).Average());
    }

    private static Kind KindOf(LabelItem item, Routed run)
    {
        bool IsRight(VisualScale scale) => item.Outcomes[scale.Rung].Right;

        if (run.Right) return Kind.None;
        if (!item.Outcomes.Any(outcome => outcome.Right)) return Kind.NeverRight;
        if (VisualScale.All.Any(scale => run.Path.Holds(scale) && IsRight(scale))) return Kind.CoarserRunRight;
        return VisualScale.All.FirstOrDefault(scale => scale > run.Path.Last && IsRight(scale)) switch
        {
            { Tokens: 0 } => Kind.PassedOver,
            var finer when finer == VisualScale.Finest => Kind.OnlyFinestRight,
            _ => Kind.FinerRight,
        };
    }

    private enum Kind
    {
        None,
        NeverRight,
        CoarserRunRight,
        FinerRight,
        OnlyFinestRight,
        PassedOver,
    }
}
