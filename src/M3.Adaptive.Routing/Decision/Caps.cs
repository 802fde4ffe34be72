using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>What one request may be charged at most, over all scales that run for it. Null is no cap.</summary>
/// <param name="VisualTokens">Visual tokens; 1 or more.</param>
/// <param name="Flops">FLOPs of the language model; above 0.</param>
public readonly record struct Caps(long? VisualTokens, double? Flops)
{
    public static Caps None => default;

    /// <summary>Whether a cost stays within both caps. Reaching a cap is within it.</summary>
    public bool Allow(Cost cost) => !(cost.VisualTokens > VisualTokens) && !(cost.Flops > Flops);
}
