using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Tower and projector in one type.</summary>
/// <param name="type">Of the activations; weights of another type are converted as they are used.</param>
internal sealed class Encoder(M3Model model, ScalarType type)
{
    /// <inheritdoc cref="IArithmetic.Encode"/>
    public Tensor Encode(IReadOnlyList<float[]> pixels)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var side = model.Config.Vision.ImageSize;
        // A copy lies where libtorch aligns it; tensor() keeps the array's own memory, and MKL's products are rounded by how that is aligned.
        Tensor[] pictures = [.. pixels.Select(one => tensor(one, [1, 3, side, side]).clone())];
        return model.Encode(cat(pictures, 0).to(type)).to(ScalarType.Float32).DetachFromDisposeScope();
    }

    public override string ToString() => $"{type}";
}
