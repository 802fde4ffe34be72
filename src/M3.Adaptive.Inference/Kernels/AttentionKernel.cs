using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// Attention of a query head of one row, or of four that follow each other in a sequence, over the positions of one key-value head. What a row is
/// given does not depend on whether it is one of four.
/// </summary>
/// <typeparam name="L">Width of vectors.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="E">Numbers of the cache.</typeparam>
internal static unsafe class AttentionKernel<L, V, E> where L : ILanes<V> where V : struct where E : IElement
{
    /// <summary>Rows that are computed together.</summary>
    public const int Tile = 4;

    /// <summary>Numbers by which a buffer of a row's scores is longer than the positions.</summary>
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

    /// <param name="queries">[4, D], rotated, packed with four slots.</param>
    /// <param name="keys">[S + 3, D]</param>
    /// <param name="values">[S + 3, D]</param>
    /// <param name="S">Positions that the first row sees, at least 1; each further row sees one more.</param>
    /// <param name="D">Head size.</param>
    /// <param name="scores">[4, <paramref name="width"/>], overwritten.</param>
    /// <param name="width">S + 3 + Slack or more.</param>
    /// <param name="mixed">[4, D]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MixTile(float* queries, byte* keys, byte* values, int S, int D, float* scores, int width, float* mixed)
    {
        var (stride, all) = ((nint)D * E.Size, S + Tile - 1);
        var last = keys + ((all - 1) * stride);
        for (var s = 0; s < all; s += 4)
        {
            var k = keys + (s * stride);
            DotKernel<L, V, E>.Four(k, Least(k + stride, last), Least(k + (2 * stride), last), Least(k + (3 * stride), last), queries, D, scores + s, width);
        }

        var totals = stackalloc float[Tile];
        for (var row = 0; row < Tile; row++)
        {
            totals[row] = Softmax(scores + (row * width), S + row, 1 / MathF.Sqrt(D));
            for (var s = S + row; s < all; s++) scores[(row * width) + s] = 0;    // what further rows see
        }

        SumTile(values, all, D, scores, width, mixed);
        for (var row = 0; row < Tile; row++)
        {
            for (var d = 0; d < D; d++) mixed[(row * D) + d] /= totals[row];
        }
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
            var sum = 0f;
            for (var s = 0; s < S; s++) sum += weights[s] * E.Read(values + (((nint)s * D) + d) * E.Size);
            mixed[d] = sum;
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

        var sums = stackalloc float[4 * L.Count];
        L.Store(a, sums);
        L.Store(b, sums + L.Count);
        L.Store(c, sums + (2 * L.Count));
        L.Store(d, sums + (3 * L.Count));
        Place(sums, L.Count, mixed);
        Place(sums + (2 * L.Count), L.Count, mixed + (2 * L.Count));
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

        var sums = stackalloc float[2 * N.Count];
        N.Store(a, sums);
        N.Store(b, sums + N.Count);
        Place(sums, N.Count, mixed);
    }

    // The same for four rows of weights: each value is read once for all of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTile(byte* values, int S, int D, float* weights, int width, float* mixed)
    {
        var (wide, d) = (2 * L.Count, 0);
        if (L.Count == Vector512<float>.Count)                                    // registers for twice as many sums
        {
            for (; d <= D - (2 * wide); d += 2 * wide) TileOfTwoBlocks(values + (d * E.Size), S, D, weights, width, mixed + d);
        }

        for (; d <= D - wide; d += wide) TileOfBlock<L, V>(values + (d * E.Size), S, D, weights, width, mixed + d);
        for (; d <= D - 8; d += 8) TileOfBlock<Lanes128, Vector128<float>>(values + (d * E.Size), S, D, weights, width, mixed + d);
        for (; d < D; d++)
        {
            for (var row = 0; row < Tile; row++)
            {
                var sum = 0f;
                for (var s = 0; s < S; s++) sum += weights[(row * width) + s] * E.Read(values + (((nint)s * D) + d) * E.Size);
                mixed[(row * D) + d] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TileOfTwoBlocks(byte* values, int S, int D, float* weights, int width, float* mixed)
    {
        V a0 = L.Broadcast(0), b0 = a0, c0 = a0, d0 = a0, a1 = a0, b1 = a0, c1 = a0, d1 = a0;
        V a2 = a0, b2 = a0, c2 = a0, d2 = a0, a3 = a0, b3 = a0, c3 = a0, d3 = a0;
        var (stride, second) = ((nint)D * E.Size, 2 * L.Count * E.Size);
        float* w1 = weights + width, w2 = w1 + width, w3 = w2 + width;
        for (var s = 0; s < S; s++, values += stride)
        {
            E.Pair<L, V>(values, out var x, out var y);
            E.Pair<L, V>(values + second, out var z, out var u);
            var weight = L.Broadcast(weights[s]);
            a0 = L.MultiplyAdd(x, weight, a0);
            b0 = L.MultiplyAdd(y, weight, b0);
            c0 = L.MultiplyAdd(z, weight, c0);
            d0 = L.MultiplyAdd(u, weight, d0);
            weight = L.Broadcast(w1[s]);
            a1 = L.MultiplyAdd(x, weight, a1);
            b1 = L.MultiplyAdd(y, weight, b1);
            c1 = L.MultiplyAdd(z, weight, c1);
            d1 = L.MultiplyAdd(u, weight, d1);
            weight = L.Broadcast(w2[s]);
            a2 = L.MultiplyAdd(x, weight, a2);
            b2 = L.MultiplyAdd(y, weight, b2);
            c2 = L.MultiplyAdd(z, weight, c2);
            d2 = L.MultiplyAdd(u, weight, d2);
            weight = L.Broadcast(w3[s]);
            a3 = L.MultiplyAdd(x, weight, a3);
            b3 = L.MultiplyAdd(y, weight, b3);
            c3 = L.MultiplyAdd(z, weight, c3);
            d3 = L.MultiplyAdd(u, weight, d3);
        }

        var further = 2 * L.Count;
        var sums = stackalloc float[16 * L.Count];
        L.Store(a0, sums);
        L.Store(b0, sums + L.Count);
        L.Store(c0, sums + (2 * L.Count));
        L.Store(d0, sums + (3 * L.Count));
        L.Store(a1, sums + (4 * L.Count));
        L.Store(b1, sums + (5 * L.Count));
        L.Store(c1, sums + (6 * L.Count));
        L.Store(d1, sums + (7 * L.Count));
        L.Store(a2, sums + (8 * L.Count));
        L.Store(b2, sums + (9 * L.Count));
        L.Store(c2, sums + (10 * L.Count));
        L.Store(d2, sums + (11 * L.Count));
        L.Store(a3, sums + (12 * L.Count));
        L.Store(b3, sums + (13 * L.Count));
        L.Store(c3, sums + (14 * L.Count));
        L.Store(d3, sums + (15 * L.Count));
        Place(sums, L.Count, mixed);
        Place(sums + (2 * L.Count), L.Count, mixed + further);
        Place(sums + (4 * L.Count), L.Count, mixed + D);
        Place(sums + (6 * L.Count), L.Count, mixed + D + further);
        Place(sums + (8 * L.Count), L.Count, mixed + (2 * D));
        Place(sums + (10 * L.Count), L.Count, mixed + (2 * D) + further);
        Place(sums + (12 * L.Count), L.Count, mixed + (3 * D));
        Place(sums + (14 * L.Count), L.Count, mixed + (3 * D) + further);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TileOfBlock<N, W>(byte* values, int S, int D, float* weights, int width, float* mixed) where N : ILanes<W> where W : struct
    {
        W a0 = N.Broadcast(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
        var stride = (nint)D * E.Size;
        float* w1 = weights + width, w2 = w1 + width, w3 = w2 + width;
        for (var s = 0; s < S; s++, values += stride)
        {
            E.Pair<N, W>(values, out var x, out var y);
            var weight = N.Broadcast(weights[s]);
            a0 = N.MultiplyAdd(x, weight, a0);
            b0 = N.MultiplyAdd(y, weight, b0);
            weight = N.Broadcast(w1[s]);
            a1 = N.MultiplyAdd(x, weight, a1);
            b1 = N.MultiplyAdd(y, weight, b1);
            weight = N.Broadcast(w2[s]);
            a2 = N.MultiplyAdd(x, weight, a2);
            b2 = N.MultiplyAdd(y, weight, b2);
            weight = N.Broadcast(w3[s]);
            a3 = N.MultiplyAdd(x, weight, a3);
            b3 = N.MultiplyAdd(y, weight, b3);
        }

        var sums = stackalloc float[8 * N.Count];
        N.Store(a0, sums);
        N.Store(b0, sums + N.Count);
        N.Store(a1, sums + (2 * N.Count));
        N.Store(b1, sums + (3 * N.Count));
        N.Store(a2, sums + (4 * N.Count));
        N.Store(b2, sums + (5 * N.Count));
        N.Store(a3, sums + (6 * N.Count));
        N.Store(b3, sums + (7 * N.Count));
        Place(sums, N.Count, mixed);
        Place(sums + (2 * N.Count), N.Count, mixed + D);
        Place(sums + (4 * N.Count), N.Count, mixed + (2 * D));
        Place(sums + (6 * N.Count), N.Count, mixed + (3 * D));
    }

    // Two vectors of a block, back in the order of the numbers. By pointers: sums that outlive a call would be written to the stack in every round of a loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(float* pair, int count, float* mixed)
    {
        var (step, second) = E.ByParity ? (2, 1) : (1, count);
        for (var i = 0; i < count; i++) (mixed[step * i], mixed[(step * i) + second]) = (pair[i], pair[count + i]);
    }
}
