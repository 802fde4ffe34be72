using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using M3.Adaptive.Model.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>Where a decoder's weights lie. Matrices stay in the network's own tensors; norms and rotary angles, which are small, are held here in float32.</summary>
internal sealed unsafe class KernelWeights : IDisposable
{
    private static readonly Scalar Steps = 127, Smallest = float.Epsilon;         // of 8-bit integers; held, see HeldNumbers
    private readonly LanguageModel _model;                                        // keeps the tensors
    private readonly List<IDisposable> _owned = [];

    /// <param name="model">On the CPU, its matrices in the type that the kernels read; must outlive this.</param>
    /// <param name="config">Of the model.</param>
    /// <param name="type">That type: Float32 or BFloat16.</param>
    /// <param name="int8">Whether products take 8-bit integers, a copy that is made here; embeddings stay.</param>
    public KernelWeights(LanguageModel model, LanguageConfig config, ScalarType type, bool int8 = false)
    {
        (_model, Type, IsInt8) = (model, type, int8);
        Embedding = Stored(model.EmbeddingWeight);
        Head = Matrix(model.HeadWeight);
        Norm = Floats(model.NormWeight);
        Layers = [.. model.Layers.Take(config.LayerCount).Select(layer => new Layer(
            Floats(layer.InputNorm), Matrix(layer.Query), Matrix(layer.Key), Matrix(layer.Value), Matrix(layer.Output),
            Floats(layer.PostNorm), Matrix(layer.Gate), Matrix(layer.Up), Matrix(layer.Down)))];

        using var scope = NewDisposeScope();
        var angles = Rotary.Angles(tensor(Rotary.Positions(0, config.MaxPositions)).unsqueeze(0), config.HeadSize, config.RopeTheta, ScalarType.Float32);
        (Cosines, Sines) = (Floats(angles.Cosine), Floats(angles.Sine));          // [positions, D/2]

        Matrix Matrix(Tensor weight) => int8 ? Quantised(weight) : Stored(weight);

        Matrix Stored(Tensor weight)
        {
            if (weight.dtype != type || weight.device_type != TorchSharp.DeviceType.CPU || !weight.is_contiguous())
                throw new ArgumentException($"A weight is {weight.dtype} on {weight.device}: expected {type} in one piece on the CPU.", nameof(model));
            return new Matrix((byte*)Address(weight), (int)weight.shape[0], (int)weight.shape[1]);
        }
    }

    /// <summary>Of the tensors.</summary>
    public ScalarType Type { get; }

    public bool IsInt8 { get; }

    public Matrix Embedding { get; }

    public Matrix Head { get; }

    /// <summary>[C]</summary>
    public nint Norm { get; }

    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>[positions, D/2] each.</summary>
    public nint Cosines { get; }

    /// <inheritdoc cref="Cosines"/>
    public nint Sines { get; }

    /// <summary>Keeps the weights until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_model);

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    /// <summary>Where a dense tensor's numbers begin.</summary>
    public static nint Address(Tensor tensor)
    {
        if (tensor.numel() * tensor.element_size() <= int.MaxValue) return Of(tensor.bytes);
        using var flat = tensor.reshape(-1);
        using var first = flat.narrow(0, 0, 1);                                   // a span of all bytes ends at 2 GiB
        return Of(first.bytes);

        static nint Of(Span<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
    }

    private nint Floats(Tensor tensor)
    {
        var copy = new NativeBuffer();
        _owned.Add(copy);
        using var wide = tensor.to(ScalarType.Float32);
        var values = wide.data<float>().ToArray();
        values.CopyTo(new Span<float>(copy.AtLeast(values.Length), values.Length));
        return (nint)copy.Floats;
    }

    /// <summary>Each row in units of a 127th of its largest number.</summary>
    private Matrix Quantised(Tensor weight)
    {
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var wide = weight.to(ScalarType.Float32);
        var scales = wide.abs().amax([1]).div(Steps).clamp_min(Smallest);         // [Out]
        var integers = (wide / scales.unsqueeze(1)).round().to(ScalarType.Int8);  // [Out, In]
        var copy = new NativeBuffer();
        _owned.Add(copy);
        var bytes = integers.bytes;
        bytes.CopyTo(new Span<byte>(copy.AtLeast((bytes.Length + 3L) / sizeof(float)), bytes.Length));
        return new Matrix((byte*)copy.Floats, outputs, inputs, (float*)Floats(scales));
    }

    /// <summary>One block.</summary>
    public sealed record Layer(nint InputNorm, Matrix Query, Matrix Key, Matrix Value, Matrix Output, nint PostNorm, Matrix Gate, Matrix Up, Matrix Down);
}
