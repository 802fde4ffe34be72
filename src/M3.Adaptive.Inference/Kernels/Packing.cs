using System.Runtime.CompilerServices;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// How activations lie in memory while weights are multiplied with them: rows in tiles of S slots (4, or 1 for a few rows), and the K numbers
/// of a row in the order in which the weights' vectors come.
/// <code>
/// tile t: rows t*S .. t*S + S - 1, S * K floats
///
///   wide blocks, W = 2 * Count numbers of each row   | narrow blocks of 8 of each row | the rest, one by one
///   [K / W][S][W]                                    | [(K % W) / 8][S][8]            | [K % 8][S]
///
/// within a block of E.ByParity weights: the even numbers, then the odd ones; of others: as they are
/// </code>
/// The sum over K is always formed in this order, whatever the number of rows: what a row is given depends on no other.
/// </summary>
/// <typeparam name="L">Width of wide blocks.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="E">The weights' numbers.</typeparam>
internal static unsafe class Packing<L, V, E> where L : ILanes<V> where V : struct where E : IElement
{
    /// <summary>Numbers in a wide block of one row.</summary>
    public static int Wide => 2 * L.Count;

    /// <summary>Numbers in a narrow block of one row.</summary>
    public const int Narrow = 8;

    /// <summary>Where number <paramref name="k"/> of a row lies within the row's tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(int k, int slot, int slots, int K)
    {
        var wide = K - (K % Wide);
        if (k < wide) return ((k - (k % Wide)) * slots) + (slot * Wide) + InBlock(k % Wide, Wide);
        var narrow = K - (K % Narrow);
        return k < narrow
            ? ((k - ((k - wide) % Narrow)) * slots) + (slot * Narrow) + InBlock((k - wide) % Narrow, Narrow)
            : (k * slots) + slot;
    }

    /// <summary>Puts some numbers of a row into the row's tile.</summary>
    /// <param name="values">[count]</param>
    /// <param name="from">Which number of the row the first one is.</param>
    /// <param name="tile">[slots * K]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Put(float* values, int from, int count, float* tile, int slot, int slots, int K)
    {
        var (k, end, wide) = (from, from + count, K - (K % Wide));
        while (k < end)
        {
            if (k % Wide == 0 && k + Wide <= Math.Min(end, wide))
            {
                PutBlock(values + (k - from), tile + Index(k, slot, slots, K));
                k += Wide;
            }
            else
            {
                tile[Index(k, slot, slots, K)] = values[k - from];
                k++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutBlock(float* values, float* block)
    {
        if (!E.ByParity)
        {
            for (var i = 0; i < Wide; i += L.Count) L.Store(L.Load(values + i), block + i);
            return;
        }

        L.Split(L.Load(values), L.Load(values + L.Count), out var even, out var odd);
        L.Store(even, block);
        L.Store(odd, block + L.Count);
    }

    private static int InBlock(int k, int size) => E.ByParity ? (k >> 1) + ((k & 1) * (size >> 1)) : k;
}
