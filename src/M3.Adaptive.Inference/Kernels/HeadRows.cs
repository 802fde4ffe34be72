using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>What happens within one key-value head: its part of the cache is written, then query heads look at it. For a worker with scratch of its own.</summary>
/// <typeparam name="L">Width of vectors.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="S">Numbers of keys and values.</typeparam>
internal sealed unsafe class HeadRows<L, V, S>(LanguageConfig config, KernelWeights weights) where L : ILanes<V> where V : struct where S : IFloatElement
{
    private const int Tile = AttentionKernel<L, V, S>.Tile;

    private int D => config.HeadSize;

    /// <summary>Floats of a worker's scratch: [D] to rotate, a tile of queries, what it is given.</summary>
    /// <param name="headSize">D</param>
    public static int Scratch(int headSize) => (1 + (2 * Tile)) * headSize;

    /// <summary>Floats of a worker's scores.</summary>
    /// <param name="longest">Positions that a row sees at most.</param>
    public static int Scores(int longest) => Tile * Width(longest);

    /// <summary>Writes a row's key and value into its cache.</summary>
    /// <param name="key">[D], not rotated.</param>
    /// <param name="value">[D]</param>
    /// <param name="scratch">[D]</param>
    public void Append(int layer, int head, in KernelRow row, float* key, float* value, float* scratch)
    {
        var slot = (nint)row.Position * D * S.Size;
        Rotate(key, row.Position, scratch);
        RowKernel<L, V>.Narrow<S>(scratch, Part(row, 2 * layer, head) + slot, D);
        RowKernel<L, V>.Narrow<S>(value, Part(row, (2 * layer) + 1, head) + slot, D);
    }

    /// <summary>Takes a row's query into the tile.</summary>
    /// <param name="query">[D], not rotated.</param>
    /// <param name="slot">Of the tile, 0 to <paramref name="rows"/> - 1.</param>
    /// <param name="rows">Of the tile: 1 or 4.</param>
    public void Take(float* query, int position, int slot, int rows, float* scratch)
    {
        Rotate(query, position, scratch);
        Packing<L, V, S>.Put(scratch, 0, D, scratch + D, slot, rows, D);
    }

    /// <summary>The tile's queries look at the head's keys and values.</summary>
    /// <param name="first">The tile's first row.</param>
    /// <returns>[rows, D], within the scratch.</returns>
    public float* Mix(int layer, int head, in KernelRow first, int rows, float* scratch, float* scores)
    {
        float* queries = scratch + D, mixed = queries + (Tile * D);
        byte* keys = Part(first, 2 * layer, head), values = Part(first, (2 * layer) + 1, head);
        if (rows == 1) AttentionKernel<L, V, S>.Mix(queries, keys, values, first.Position + 1, D, scores, mixed);
        else AttentionKernel<L, V, S>.MixTile(queries, keys, values, first.Position + 1, D, scores, Width(first.Position + rows), mixed);
        return mixed;
    }

    private static int Width(int positions) => positions + AttentionKernel<L, V, S>.Slack;

    private void Rotate(float* x, int position, float* target)
    {
        var angles = (nint)position * (D / 2);
        RowKernel<L, V>.Rotate(x, (float*)weights.Cosines + angles, (float*)weights.Sines + angles, D, target);
    }

    private byte* Part(in KernelRow row, int part, int head) =>
        (byte*)row.Cache + ((((nint)part * config.KeyValueHeadCount) + head) * row.Capacity * D * S.Size);
}
