using M3.Adaptive.Core;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.VisionCache;

/// <summary>One image's projected features and what they tell the predictor. Freed by whoever lets go of it last; see <see cref="FeatureCache"/>.</summary>
/// <param name="hash">Of the image's bytes.</param>
/// <param name="projected">The finest tokens, [1, 576, C], owned from here on and attached to no dispose scope.</param>
/// <param name="evidence">Computed from them.</param>
internal sealed class ImageFeatures(ImageHash hash, Tensor projected, ImageEvidence evidence)
{
    public ImageHash Hash { get; } = hash;

    public Tensor Projected { get; } = projected;

    public ImageEvidence Evidence { get; } = evidence;

    /// <summary>Memory that the features take.</summary>
    public long Bytes { get; } = (projected.numel() * projected.element_size()) + ((long)evidence.PooledEmbeddings.Length * sizeof(float));

    /// <summary>Requests and generations that use it; guarded by the cache's lock.</summary>
    public int Holders { get; set; }
}
