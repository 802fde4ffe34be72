using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>
/// Layers whose arithmetic follows the activations' type: float32 weights meet bfloat16 activations in training (the
/// optimizer keeps its float32 masters), weights kept as stored meet float32 activations in serving. A cast to the same
/// type is free.
/// </summary>
internal static class Arithmetic
{
    /// <param name="layer">Weight [Out, In], bias [Out] or none.</param>
    /// <param name="x">[..., In]</param>
    public static Tensor Apply(this Linear layer, Tensor x) => functional.linear(x, layer.weight!.to(x.dtype), layer.bias?.to(x.dtype));

    /// <param name="layer">Weight [Out, In, k, k], bias [Out] or none.</param>
    /// <param name="x">[B, In, H, W]</param>
    /// <param name="stride">Of both sides.</param>
    /// <param name="padding">Zeros on each side.</param>
    public static Tensor Apply(this Conv2d layer, Tensor x, long stride, long padding) =>
        functional.conv2d(x, layer.weight!.to(x.dtype), layer.bias?.to(x.dtype), [stride, stride], [padding, padding]);

    /// <summary>In float32 whatever the activations' type, as the decoder's norms are.</summary>
    /// <param name="layer">Over the last dimension.</param>
    /// <param name="x">[..., C]</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor Apply(this LayerNorm layer, Tensor x, double eps) => functional
        .layer_norm(x.to(ScalarType.Float32), [x.shape[^1]], layer.weight!.to(ScalarType.Float32), layer.bias!.to(ScalarType.Float32), eps)
        .to(x.dtype);
}
