using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

/// <summary>Random numbers as they lie in memory, and as floats.</summary>
internal static unsafe class Numbers
{
    public static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    /// <summary>Numbers of a type in guarded memory, and what each of them is worth.</summary>
    public static (nint Address, float[] Values) Draw<E>(GuardedMemory memory, Random random, int count) where E : IElement
    {
        var bytes = memory.Bytes(count * E.Size);
        for (var i = 0; i < count; i++)
        {
            var value = (random.NextSingle() * 2) - 1;
            if (typeof(E) == typeof(Float32)) Float32.Write(value, bytes + (i * E.Size));
            else if (typeof(E) == typeof(BFloat16)) BFloat16.Write(value, bytes + (i * E.Size));
            else bytes[i] = (byte)(sbyte)(value * 127);
        }

        return ((nint)bytes, [.. Enumerable.Range(0, count).Select(i => E.Read(bytes + (i * E.Size)))]);
    }

    /// <summary>Equal but for the rounding of a sum of so many terms of at most <paramref name="largest"/>.</summary>
    public static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int terms, float largest)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = 1e-6f * (1 + MathF.Sqrt(terms)) * (1 + largest);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
