using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// The version of the kernels for this processor and for the weights' type. Their loops are compiled by <c>AggressiveOptimization</c>: .NET would else run
/// the first passes, and with them the measurement that chooses between ways, in code many times slower than what it compiles later.
/// </summary>
internal static class KernelSet
{
    /// <summary>Bits of the widest vectors that the processor says it has.</summary>
    public static int Width { get; } = Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 512 : Vector256.IsHardwareAccelerated && Avx2.IsSupported ? 256 : 128;

    /// <summary>Widths that are worth a try here, in bits: a processor may be quicker by narrower vectors than by the widest it knows.</summary>
    public static IReadOnlyList<int> Widths => Width == 512 ? [512, 256] : [Width];

    /// <param name="width">512, 256 or 128 bits, no more than <see cref="Width"/>.</param>
    public static IDecoderKernels Create(LanguageConfig config, KernelWeights weights, WorkerPool pool, int width) => (weights.Type, weights.IsInt8) switch
    {
        (ScalarType.Float32, false) => Create<Float32, Float32>(config, weights, pool, width),
        (ScalarType.Float32, true) => Create<Int8, Float32>(config, weights, pool, width),
        (_, false) => Create<BFloat16, BFloat16>(config, weights, pool, width),
        (_, true) => Create<Int8, BFloat16>(config, weights, pool, width),
    };

    private static IDecoderKernels Create<E, S>(LanguageConfig config, KernelWeights weights, WorkerPool pool, int width)
        where E : IElement where S : IFloatElement => width switch
        {
            512 => new DecoderKernels<Lanes512, Vector512<float>, E, S>(config, weights, pool),
            256 => new DecoderKernels<Lanes256, Vector256<float>, E, S>(config, weights, pool),
            128 => new DecoderKernels<Lanes128, Vector128<float>, E, S>(config, weights, pool),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Vectors have 512, 256 or 128 bits."),
        };

    /// <param name="products">Type of what products take and give: Float32 or BFloat16.</param>
    /// <param name="cache">Type of keys and values, likewise.</param>
    public static IPackedKernels CreatePacked(LanguageConfig config, KernelWeights weights, WorkerPool pool, int width, ScalarType products, ScalarType cache) =>
        (products, cache) switch
        {
            (ScalarType.Float32, ScalarType.Float32) => CreatePacked<Float32, Float32>(config, weights, pool, width),
            (ScalarType.Float32, ScalarType.BFloat16) => CreatePacked<Float32, BFloat16>(config, weights, pool, width),
            (ScalarType.BFloat16, ScalarType.BFloat16) => CreatePacked<BFloat16, BFloat16>(config, weights, pool, width),
            _ => throw new ArgumentException($"There are no kernels for products in {products} over keys and values in {cache}.", nameof(products)),
        };

    private static IPackedKernels CreatePacked<A, S>(LanguageConfig config, KernelWeights weights, WorkerPool pool, int width)
        where A : IFloatElement where S : IFloatElement => width switch
        {
            512 => new PackedKernels<Lanes512, Vector512<float>, A, S>(config, weights, pool),
            256 => new PackedKernels<Lanes256, Vector256<float>, A, S>(config, weights, pool),
            _ => new PackedKernels<Lanes128, Vector128<float>, A, S>(config, weights, pool),
        };
}
