using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Replay;

/// <summary>What a router that knew the answers would do.</summary>
public static class Oracle
{
    /// <summary>The cheapest scale that is right; the coarsest when none is.</summary>
    public static VisualScale Scale(LabelItem item) =>
        VisualScale.All.FirstOrDefault(scale => item.Outcomes[scale.Rung].Right, VisualScale.Coarsest);

    /// <summary>The cheapest scale that is right and stays right at every finer one; the coarsest when none is.</summary>
    public static VisualScale MonotoneScale(LabelItem item) =>
        VisualScale.All.FirstOrDefault(scale => IsRight(item, scale, monotone: true), VisualScale.Coarsest);

    /// <summary>Whether the answer counts as right: as it is, or (monotone) only if it is right at every finer scale too.</summary>
    public static bool IsRight(LabelItem item, VisualScale scale, bool monotone)
    {
        if (!monotone) return item.Outcomes[scale.Rung].Right;
        for (var rung = scale.Rung; rung < item.Outcomes.Count; rung++)
        {
            if (!item.Outcomes[rung].Right) return false;
        }

        return true;
    }
}
