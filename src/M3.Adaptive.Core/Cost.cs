namespace M3.Adaptive.Core;

/// <summary>What running the language model was charged or is expected to be charged, in the product's three units.</summary>
/// <param name="VisualTokens">Visual tokens given to the language model, summed over the scales that ran.</param>
/// <param name="Flops">Floating-point operations of the language model (a multiply-add counts two).</param>
/// <param name="Seconds">Seconds of the model's time: a pass over several answers is shared among them by their work.</param>
public readonly record struct Cost(long VisualTokens, double Flops, double Seconds)
{
    public static Cost Zero => default;

    public static Cost operator +(Cost left, Cost right) =>
        new(left.VisualTokens + right.VisualTokens, left.Flops + right.Flops, left.Seconds + right.Seconds);

    /// <summary>The sum of all costs; <see cref="Zero"/> for none.</summary>
    public static Cost Sum(IEnumerable<Cost> costs) => costs.Aggregate(Zero, static (sum, cost) => sum + cost);
}
