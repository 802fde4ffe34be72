using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// Products of a few rows of weights, [K] numbers each, with packed activations (<see cref="Packing{L, V, E}"/>). Every sum is formed in the
/// same order in each of the methods. Pointers are checked by the callers.
/// </summary>
internal static unsafe class DotKernel<L, V, E> where L : ILanes<V> where V : struct where E : IElement
{
    private const int Narrow = Packing<L, V, E>.Narrow, Half = Narrow / 2;

    /// <summary>Four rows of weights with one row of activations.</summary>
    /// <param name="tile">The activations' tile, at the row's slot 0.</param>
    /// <returns>One sum for each row of weights.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> One(byte* w0, byte* w1, byte* w2, byte* w3, float* tile, int slot, int slots, int K)
    {
        V s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        var (wide, at) = (2 * L.Count, 0);
        var x = tile + (slot * wide);
        for (; at <= K - wide; at += wide, x += slots * wide)
        {
            V x0 = L.Load(x), x1 = L.Load(x + L.Count);
            var offset = (nint)at * E.Size;
            E.Pair<L, V>(w0 + offset, out var a, out var b);
            s0 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s0));
            E.Pair<L, V>(w1 + offset, out a, out b);
            s1 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s1));
            E.Pair<L, V>(w2 + offset, out a, out b);
            s2 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s2));
            E.Pair<L, V>(w3 + offset, out a, out b);
            s3 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s3));
        }

        x = tile + (at * slots) + (slot * Narrow);
        for (; at <= K - Narrow; at += Narrow, x += slots * Narrow)
        {
            V x0 = NarrowLoad(x), x1 = NarrowLoad(x + Half);
            var offset = (nint)at * E.Size;
            NarrowPair(w0 + offset, out var a, out var b);
            s0 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s0));
            NarrowPair(w1 + offset, out a, out b);
            s1 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s1));
            NarrowPair(w2 + offset, out a, out b);
            s2 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s2));
            NarrowPair(w3 + offset, out a, out b);
            s3 = L.MultiplyAdd(b, x1, L.MultiplyAdd(a, x0, s3));
        }

        var sums = Sum(L.Fold(s0), L.Fold(s1), L.Fold(s2), L.Fold(s3));
        return at == K ? sums : sums + Rest(w0, w1, w2, w3, tile, slot, slots, at, K);
    }

    /// <summary>Four rows of weights with the four rows of a tile.</summary>
    /// <param name="sums">[4 rows of activations][4 rows of weights], <paramref name="stride"/> floats between the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* w0, byte* w1, byte* w2, byte* w3, float* tile, int K, float* sums, int stride)
    {
        if (L.Count < Vector512<float>.Count)                                     // half the registers: half the sums
        {
            Two(w0, w1, tile, K, sums, stride);
            Two(w2, w3, tile, K, sums + 2, stride);
            return;
        }

        V s00 = L.Broadcast(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        var (wide, at) = (2 * L.Count, 0);
        var x = tile;
        for (; at <= K - wide; at += wide, x += 4 * wide)
        {
            V x0 = L.Load(x), x1 = L.Load(x + wide), x2 = L.Load(x + (2 * wide)), x3 = L.Load(x + (3 * wide));
            V y0 = L.Load(x + L.Count), y1 = L.Load(x + wide + L.Count), y2 = L.Load(x + (2 * wide) + L.Count), y3 = L.Load(x + (3 * wide) + L.Count);
            var offset = (nint)at * E.Size;
            E.Pair<L, V>(w0 + offset, out var a, out var b);
            s00 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s00));
            s10 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s10));
            s20 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s20));
            s30 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s30));
            E.Pair<L, V>(w1 + offset, out a, out b);
            s01 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s01));
            s11 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s11));
            s21 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s21));
            s31 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s31));
            E.Pair<L, V>(w2 + offset, out a, out b);
            s02 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s02));
            s12 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s12));
            s22 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s22));
            s32 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s32));
            E.Pair<L, V>(w3 + offset, out a, out b);
            s03 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s03));
            s13 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s13));
            s23 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s23));
            s33 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s33));
        }

        x = tile + (at * 4);
        for (; at <= K - Narrow; at += Narrow, x += 4 * Narrow)
        {
            V x0 = NarrowLoad(x), x1 = NarrowLoad(x + Narrow), x2 = NarrowLoad(x + (2 * Narrow)), x3 = NarrowLoad(x + (3 * Narrow));
            V y0 = NarrowLoad(x + Half), y1 = NarrowLoad(x + Narrow + Half), y2 = NarrowLoad(x + (2 * Narrow) + Half), y3 = NarrowLoad(x + (3 * Narrow) + Half);
            var offset = (nint)at * E.Size;
            NarrowPair(w0 + offset, out var a, out var b);
            s00 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s00));
            s10 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s10));
            s20 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s20));
            s30 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s30));
            NarrowPair(w1 + offset, out a, out b);
            s01 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s01));
            s11 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s11));
            s21 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s21));
            s31 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s31));
            NarrowPair(w2 + offset, out a, out b);
            s02 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s02));
            s12 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s12));
            s22 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s22));
            s32 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s32));
            NarrowPair(w3 + offset, out a, out b);
            s03 = L.MultiplyAdd(b, y0, L.MultiplyAdd(a, x0, s03));
            s13 = L.MultiplyAdd(b, y1, L.MultiplyAdd(a, x1, s13));
            s23 = L.MultiplyAdd(b, y2, L.MultiplyAdd(a, x2, s23));
            s33 = L.MultiplyAdd(b, y3, L.MultiplyAdd(a, x3, s33));
        }

        Sum(L.Fold(s00), L.Fold(s01), L.Fold(s02), L.Fold(s03)).Store(sums);
        Sum(L.Fold(s10), L.Fold(s11), L.Fold(s12), L.Fold(s13)).Store(sums + stride);
        Sum(L.Fold(s20), L.Fold(s21), L.Fold(s22), L.Fold(s23)).Store(sums + (2 * stride));
        Sum(L.Fold(s30), L.Fold(s31), L.Fold(s32), L.Fold(s33)).Store(sums + (3 * stride));
        if (at == K) return;
        for (var slot = 0; slot < 4; slot++)
            (Vector128.Load(sums + (slot * stride)) + Rest(w0, w1, w2, w3, tile, slot, 4, at, K)).Store(sums + (slot * stride));
    }

    // Two rows of weights with the four rows of a tile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(byte* w0, byte* w1, float* tile, int K, float* sums, int stride)
    {
        V s00 = L.Broadcast(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        var (wide, at) = (2 * L.Count, 0);
        var x = tile;
        for (; at <= K - wide; at += wide, x += 4 * wide)
        {
            var offset = (nint)at * E.Size;
            E.Pair<L, V>(w0 + offset, out var a, out var b);
            E.Pair<L, V>(w1 + offset, out var c, out var d);
            var (even, odd) = (L.Load(x), L.Load(x + L.Count));
            s00 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s00));
            s01 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s01));
            (even, odd) = (L.Load(x + wide), L.Load(x + wide + L.Count));
            s10 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s10));
            s11 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s11));
            (even, odd) = (L.Load(x + (2 * wide)), L.Load(x + (2 * wide) + L.Count));
            s20 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s20));
            s21 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s21));
            (even, odd) = (L.Load(x + (3 * wide)), L.Load(x + (3 * wide) + L.Count));
            s30 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s30));
            s31 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s31));
        }

        x = tile + (at * 4);
        for (; at <= K - Narrow; at += Narrow, x += 4 * Narrow)
        {
            var offset = (nint)at * E.Size;
            NarrowPair(w0 + offset, out var a, out var b);
            NarrowPair(w1 + offset, out var c, out var d);
            var (even, odd) = (NarrowLoad(x), NarrowLoad(x + Half));
            s00 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s00));
            s01 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s01));
            (even, odd) = (NarrowLoad(x + Narrow), NarrowLoad(x + Narrow + Half));
            s10 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s10));
            s11 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s11));
            (even, odd) = (NarrowLoad(x + (2 * Narrow)), NarrowLoad(x + (2 * Narrow) + Half));
            s20 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s20));
            s21 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s21));
            (even, odd) = (NarrowLoad(x + (3 * Narrow)), NarrowLoad(x + (3 * Narrow) + Half));
            s30 = L.MultiplyAdd(b, odd, L.MultiplyAdd(a, even, s30));
            s31 = L.MultiplyAdd(d, odd, L.MultiplyAdd(c, even, s31));
        }

        Put(0, Sum(L.Fold(s00), L.Fold(s01), L.Fold(s00), L.Fold(s01)));
        Put(1, Sum(L.Fold(s10), L.Fold(s11), L.Fold(s10), L.Fold(s11)));
        Put(2, Sum(L.Fold(s20), L.Fold(s21), L.Fold(s20), L.Fold(s21)));
        Put(3, Sum(L.Fold(s30), L.Fold(s31), L.Fold(s30), L.Fold(s31)));

        void Put(int slot, Vector128<float> both)
        {
            if (at < K) both += Rest(w0, w1, w0, w1, tile, slot, 4, at, K);
            both.GetLower().Store(sums + (slot * stride));
        }
    }

    // What fills no block, one by one.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> Rest(byte* w0, byte* w1, byte* w2, byte* w3, float* tile, int slot, int slots, int at, int K)
    {
        var sums = Vector128<float>.Zero;
        for (; at < K; at++)
        {
            var offset = (nint)at * E.Size;
            sums += Vector128.Create(E.Read(w0 + offset), E.Read(w1 + offset), E.Read(w2 + offset), E.Read(w3 + offset)) * tile[(at * slots) + slot];
        }

        return sums;
    }

    // Blocks of 8 behind the wide ones, as vectors whose other numbers are 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NarrowPair(byte* weights, out V first, out V second)
    {
        E.Pair<Lanes128, Vector128<float>>(weights, out var a, out var b);
        (first, second) = (L.Extend(a), L.Extend(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NarrowLoad(float* x) => L.Extend(Vector128.Load(x));

    /// <summary>The sums of four vectors' numbers: pairs two apart, then neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (!Sse.IsSupported) return Vector128.Create(Sum(a), Sum(b), Sum(c), Sum(d));
        var ab = Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b);                      // a0+a2, b0+b2, a1+a3, b1+b3
        var cd = Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d);
        return Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab);
    }

    private static float Sum(Vector128<float> v) => v[0] + v[2] + (v[1] + v[3]);
}
