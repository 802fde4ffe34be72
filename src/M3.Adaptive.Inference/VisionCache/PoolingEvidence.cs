using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.VisionCache;

/// <summary>What pooling to each rung would lose: the predictor's view of an image, at the price of a few means.</summary>
internal static class PoolingEvidence
{
    private static readonly VisualScale Embedded = VisualScale.Of(9);

    /// <param name="projected">The finest tokens, [1, 576, C].</param>
    public static ImageEvidence Of(Tensor projected)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var finest = projected.to(ScalarType.Float32).cpu();
        var energy = Energy(finest);
        var residuals = VisualScale.All.Select(scale => Residual(TokenPooling.Reduce(finest, scale, Pooling.Average), energy)).ToArray();
        var embeddings = TokenPooling.Reduce(finest, Embedded, Pooling.Average).reshape(-1).data<float>().ToArray();
        return new ImageEvidence(residuals, embeddings, (int)projected.shape[2]);
    }

    /// <summary>1 - |pooled, repeated over its blocks|^2 / |finest|^2: each pooled token stands for 576 / S finest ones.</summary>
    private static float Residual(Tensor pooled, double energy)                   // [1, S, C]
    {
        if (energy == 0 || pooled.shape[1] == VisualScale.Finest.Tokens) return 0;
        var kept = Energy(pooled) * (VisualScale.Finest.Tokens / (double)pooled.shape[1]);
        return (float)Math.Clamp(1 - (kept / energy), 0, 1);
    }

    private static double Energy(Tensor tokens) => (tokens * tokens).sum(ScalarType.Float64).item<double>();
}
