using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Replay;

/// <summary>What a router did with one item.</summary>
/// <param name="Right">Whether the last answer is right.</param>
/// <param name="RightToStay">Whether it is right and every finer scale's is, too.</param>
/// <param name="Charged">Sum over the path.</param>
public readonly record struct Routed(ScalePath Path, bool Right, bool RightToStay, Cost Charged)
{
    /// <summary>Every item of a table, in its order.</summary>
    public static Routed[] All(LabelTable table, IRouter router) => [.. table.Items.Select((item, i) => Of(item, router.Route(i)))];

    private static Routed Of(LabelItem item, ScalePath path)
    {
        var charged = Cost.Zero;
        foreach (var scale in VisualScale.All)
        {
            if (path.Holds(scale)) charged += item.Outcomes[scale.Rung].Charged;
        }

        return new Routed(path, item.Outcomes[path.Last.Rung].Right, Oracle.IsRight(item, path.Last, monotone: true), charged);
    }
}
