using System.Numerics;
using System.Runtime.InteropServices;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Between stored floats and <see cref="float"/>: widening is exact, narrowing rounds to the nearest, ties to even.</summary>
public static class FloatConversion
{
    /// <summary>Widens little-endian bytes of a float type.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or the type is no float.</exception>
    public static void ToSingle(TensorType type, ReadOnlySpan<byte> source, Span<float> target)
    {
        CheckSizes(type, source.Length, target.Length);
        if (type == TensorType.Float32) source.CopyTo(MemoryMarshal.AsBytes(target));
        else if (type == TensorType.BFloat16) FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source), target);
        else FromHalf(MemoryMarshal.Cast<byte, Half>(source), target);
    }

    /// <summary>Narrows to little-endian bytes of a float type. What is too large becomes infinity; NaN stays NaN.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or the type is no float.</exception>
    public static void FromSingle(TensorType type, ReadOnlySpan<float> source, Span<byte> target)
    {
        CheckSizes(type, target.Length, source.Length);
        if (type == TensorType.Float32) MemoryMarshal.AsBytes(source).CopyTo(target);
        else if (type == TensorType.BFloat16) ToBFloat16(source, MemoryMarshal.Cast<byte, ushort>(target));
        else ToHalf(source, MemoryMarshal.Cast<byte, Half>(target));
    }

    private static void CheckSizes(TensorType type, int bytes, int elements)
    {
        if (!type.IsFloat()) throw new ArgumentException($"{type} is no float type.", nameof(type));
        if (bytes != (long)elements * type.Size())
            throw new ArgumentException($"{elements} elements of {type} take {(long)elements * type.Size()} bytes, not {bytes}.", nameof(bytes));
    }

    private static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var bits = MemoryMarshal.Cast<float, uint>(target);
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++) bits[i] = (uint)source[i] << 16;
    }

    private static void FromHalf(ReadOnlySpan<Half> source, Span<float> target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = (float)source[i];
    }

    private static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(source[i]);
            var even = (bits >> 16) & 1;
            target[i] = float.IsNaN(source[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + even) >> 16);
        }
    }

    private static void ToHalf(ReadOnlySpan<float> source, Span<Half> target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = (Half)source[i];
    }
}
