using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>A cost on average, so that parts of visual tokens count.</summary>
public readonly record struct MeanCost(double VisualTokens, double Flops, double Seconds)
{
    public static MeanCost Zero => default;

    public static implicit operator MeanCost(Cost cost) => new(cost.VisualTokens, cost.Flops, cost.Seconds);

    public static MeanCost operator +(MeanCost left, MeanCost right) =>
        new(left.VisualTokens + right.VisualTokens, left.Flops + right.Flops, left.Seconds + right.Seconds);

    public static MeanCost operator *(double share, MeanCost cost) => new(share * cost.VisualTokens, share * cost.Flops, share * cost.Seconds);
}
