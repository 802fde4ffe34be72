using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>
/// Arithmetic with numbers that a garbage collection cannot take away. TorchSharp 0.107 wraps the number in <c>a * 2</c>, and the 1 that
/// <c>a + b</c> weighs <c>b</c> with, in a <see cref="Scalar"/> that nothing holds while libtorch reads it: a collection at that moment frees it, and
/// the call throws ("Expected false to be true") or faults. What is held in a field stays.
/// </summary>
public static class HeldNumbers
{
    private static readonly Scalar One = 1, MinusOne = -1;

    /// <summary>What a mask hides with.</summary>
    public static Scalar NegativeInfinity { get; } = double.NegativeInfinity;

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);
}
