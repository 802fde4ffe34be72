using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>What is done to rows of activations between products.</summary>
internal static unsafe class RowKernel<L, V> where L : ILanes<V> where V : struct
{
    /// <summary>target = gain * x / sqrt(mean(x^2) + eps).</summary>
    /// <param name="x">[C]</param>
    /// <param name="gain">[C]</param>
    /// <param name="target">[C]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(float* x, float* gain, int C, float eps, float* target)
    {
        var squares = L.Broadcast(0);
        var c = 0;
        for (; c <= C - L.Count; c += L.Count) squares = L.MultiplyAdd(L.Load(x + c), L.Load(x + c), squares);
        var sum = Vector128.Sum(L.Fold(squares));
        for (; c < C; c++) sum += x[c] * x[c];

        var scale = 1 / MathF.Sqrt((sum / C) + eps);
        var scales = L.Broadcast(scale);
        for (c = 0; c <= C - L.Count; c += L.Count) L.Store(L.Multiply(L.Multiply(L.Load(x + c), scales), L.Load(gain + c)), target + c);
        for (; c < C; c++) target[c] = x[c] * scale * gain[c];
    }

    /// <summary>gate = gate / (1 + exp(-gate)) * up.</summary>
    /// <param name="count">A multiple of <see cref="ILanes{V}.Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SwiGlu(float* gate, float* up, int count)
    {
        V one = L.Broadcast(1), minus = L.Broadcast(-1);
        for (var i = 0; i < count; i += L.Count)
        {
            var x = L.Load(gate + i);
            var gated = L.Divide(x, L.Add(one, L.Exp(L.Multiply(x, minus))));
            L.Store(L.Multiply(gated, L.Load(up + i)), gate + i);
        }
    }

    /// <summary>target = numbers of another type, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<E>(byte* source, float* target, int count) where E : IFloatElement
    {
        var i = 0;
        for (; i <= count - L.Count; i += L.Count) L.Store(E.Load<L, V>(source + (i * E.Size)), target + i);
        for (; i < count; i++) target[i] = E.Read(source + (i * E.Size));
    }

    /// <summary>target = numbers rounded to another type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<E>(float* source, byte* target, int count) where E : IFloatElement
    {
        var i = 0;
        for (; i <= count - L.Count; i += L.Count) E.Store<L, V>(L.Load(source + i), target + (i * E.Size));
        for (; i < count; i++) E.Write(source[i], target + (i * E.Size));
    }

    /// <summary>sum += numbers of another type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<E>(byte* source, float* sum, int count) where E : IFloatElement
    {
        var i = 0;
        for (; i <= count - L.Count; i += L.Count) L.Store(L.Add(L.Load(sum + i), E.Load<L, V>(source + (i * E.Size))), sum + i);
        for (; i < count; i++) sum[i] += E.Read(source + (i * E.Size));
    }

    /// <summary>Turns the pairs (x[i], x[i + D/2]) by a position's angles.</summary>
    /// <param name="x">[D]</param>
    /// <param name="cosines">[D/2]</param>
    /// <param name="sines">[D/2]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(float* x, float* cosines, float* sines, int D, float* target)
    {
        var (half, i) = (D / 2, 0);
        for (; i <= half - L.Count; i += L.Count)
        {
            V a = L.Load(x + i), b = L.Load(x + half + i), cosine = L.Load(cosines + i), sine = L.Load(sines + i);
            L.Store(L.MultiplyAdd(b, L.Multiply(sine, L.Broadcast(-1)), L.Multiply(a, cosine)), target + i);
            L.Store(L.MultiplyAdd(a, sine, L.Multiply(b, cosine)), target + half + i);
        }

        for (; i < half; i++)
        {
            var (a, b) = (x[i], x[i + half]);
            target[i] = (a * cosines[i]) - (b * sines[i]);
            target[i + half] = (b * cosines[i]) + (a * sines[i]);
        }
    }
}
