using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Tower and projector in one type.</summary>
/// <param name="type">Of the activations; weights of another type are converted as they are used.</param>
internal sealed class Encoder(M3Model model, ScalarType type)
{
    /// <inheritdoc cref="IArithmetic.Encode"/>
    public Encoding Encode(IReadOnlyList<float[]> pixels) => new(model, pixels, type);

    public override string ToString() => $"{type}";
}

/// <summary>Pictures on their way through tower and projector, slice by slice, so that others may be served between two. Used by the thread that owns the model.</summary>
internal sealed class Encoding : IDisposable
{
    private readonly M3Model _model;
    private Tensor _x;

    public Encoding(M3Model model, IReadOnlyList<float[]> pixels, ScalarType type)
    {
        _model = model;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var side = model.Config.Vision.ImageSize;
        // A copy lies where libtorch aligns it; tensor() keeps the array's own memory, and MKL's products are rounded by how that is aligned.
        Tensor[] pictures = [.. pixels.Select(one => tensor(one, [1, 3, side, side]).clone())];
        _x = cat(pictures, 0).to(type).DetachFromDisposeScope();                  // [B, 3, S, S]
    }

    /// <summary>Slices done.</summary>
    public int Done { get; private set; }

    /// <summary>Slices to do.</summary>
    public int Left => _model.EncodeSlices - Done;

    /// <summary>Does the next slice.</summary>
    public void Advance()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var next = _model.EncodeSlice(Done, _x);
        if (Left == 1) next = next.to(ScalarType.Float32);
        next.DetachFromDisposeScope();
        if (!ReferenceEquals(next, _x)) _x.Dispose();
        _x = next;
        Done++;
    }

    /// <summary>Ends it.</summary>
    /// <returns>The finest visual tokens in float32, [B, 576, C]; the caller's, in no dispose scope.</returns>
    public Tensor Finish()
    {
        while (Left > 0) Advance();
        var result = _x;
        _x = null!;                                                               // handed out: nothing of it may be used any more
        return result;
    }

    public void Dispose() => _x?.Dispose();
}
