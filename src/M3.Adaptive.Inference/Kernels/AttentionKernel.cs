using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>Attention of one query head of one row over the positions of one key-value head.</summary>
/// <typeparam name="L">Width of vectors.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="E">Numbers of the cache.</typeparam>
internal static unsafe class AttentionKernel<L, V, E> where L : ILanes<V> where V : struct where E : IElement
{
    /// <summary>Numbers by which a buffer of scores is longer than the positions.</summary>
    public static int Slack => L.Count + 4;

    /// <param name="query">[D], rotated, packed with one slot.</param>
    /// <param name="keys">[S, D]</param>
    /// <param name="values">[S, D]</param>
    /// <param name="S">Positions seen, at least 1.</param>
    /// <param name="D">Head size.</param>
    /// <param name="scores">[S + Slack], overwritten.</param>
    /// <param name="mixed">[D]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* query, byte* keys, byte* values, int S, int D, float* scores, float* mixed)
    {
        var stride = (nint)D * E.Size;
        var last = keys + ((S - 1) * stride);
        for (var s = 0; s < S; s += 4)
        {
            var k = keys + (s * stride);
            DotKernel<L, V, E>.One(k, Least(k + stride, last), Least(k + (2 * stride), last), Least(k + (3 * stride), last), query, 0, 1, D)
                .Store(scores + s);
        }

        var total = Softmax(scores, S, 1 / MathF.Sqrt(D));
        Sum(values, S, D, scores, mixed);
        for (var d = 0; d < D; d++) mixed[d] /= total;
    }

    private static byte* Least(byte* pointer, byte* last) => pointer < last ? pointer : last;

    /// <returns>The sum of the exponentials that it leaves.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax(float* scores, int S, float scale)
    {
        var largest = float.NegativeInfinity;
        for (var s = 0; s < S; s++) largest = MathF.Max(largest, scores[s]);
        for (var s = S; s < S + L.Count; s++) scores[s] = float.NegativeInfinity; // what fills the last vector weighs nothing

        V total = L.Broadcast(0), factor = L.Broadcast(scale), shift = L.Broadcast(-largest * scale);
        for (var s = 0; s < S; s += L.Count)
        {
            var weight = L.Exp(L.MultiplyAdd(L.Load(scores + s), factor, shift));
            L.Store(weight, scores + s);
            total = L.Add(total, weight);
        }

        return Vector128.Sum(L.Fold(total));
    }

    // sum over s of weights[s] * values[s], block by block of the head's numbers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(byte* values, int S, int D, float* weights, float* mixed)
    {
        var (wide, d) = (2 * L.Count, 0);
        for (; d <= D - (2 * wide); d += 2 * wide) TwoBlocks(values + (d * E.Size), S, D, weights, mixed + d);
        for (; d <= D - wide; d += wide) Block<L, V>(values + (d * E.Size), S, D, weights, mixed + d);
        for (; d <= D - 8; d += 8) Block<Lanes128, Vector128<float>>(values + (d * E.Size), S, D, weights, mixed + d);
        for (; d < D; d++)
        {
            mixed[d] = 0;
            for (var s = 0; s < S; s++) mixed[d] += weights[s] * E.Read(values + (((nint)s * D) + d) * E.Size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoBlocks(byte* values, int S, int D, float* weights, float* mixed)
    {
        V a = L.Broadcast(0), b = a, c = a, d = a;
        var (stride, second) = ((nint)D * E.Size, 2 * L.Count * E.Size);
        for (var s = 0; s < S; s++, values += stride)
        {
            var weight = L.Broadcast(weights[s]);
            E.Pair<L, V>(values, out var x, out var y);
            a = L.MultiplyAdd(x, weight, a);
            b = L.MultiplyAdd(y, weight, b);
            E.Pair<L, V>(values + second, out x, out y);
            c = L.MultiplyAdd(x, weight, c);
            d = L.MultiplyAdd(y, weight, d);
        }

        Put<L, V>(a, b, mixed);
        Put<L, V>(c, d, mixed + (2 * L.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<N, W>(byte* values, int S, int D, float* weights, float* mixed) where N : ILanes<W> where W : struct
    {
        W a = N.Broadcast(0), b = a;
        var stride = (nint)D * E.Size;
        for (var s = 0; s < S; s++, values += stride)
        {
            var weight = N.Broadcast(weights[s]);
            E.Pair<N, W>(values, out var x, out var y);
            a = N.MultiplyAdd(x, weight, a);
            b = N.MultiplyAdd(y, weight, b);
        }

        Put<N, W>(a, b, mixed);
    }

    /// <summary>Two vectors of a block, back in the order of the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<N, W>(W first, W second, float* mixed) where N : ILanes<W> where W : struct
    {
        if (!E.ByParity)
        {
            N.Store(first, mixed);
            N.Store(second, mixed + N.Count);
            return;
        }

        var block = stackalloc float[2 * N.Count];
        N.Store(first, block);
        N.Store(second, block + N.Count);
        for (var i = 0; i < N.Count; i++) (mixed[2 * i], mixed[(2 * i) + 1]) = (block[i], block[N.Count + i]);
    }
}
