using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Times the ways of a pass on the model's own first block, on the thread and in the pool that will run them.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class StartMeasurement(TimeProvider time)
{
    private const long CacheBytes = 32 << 20;                                     // decoders up to this size may stay in a processor's cache between steps
    private const double AsQuick = 1.2;                                           // times the quickest: the widest vectors are kept unless others are clearly quicker
    private static readonly int[] RowCounts = [1, 8, 32, 128, 512];

    /// <summary>Times all ways at 1 to 512 rows, as far as the context reaches.</summary>
    public PrefillTable Run(LanguageModel model, LanguageConfig config, WorkerPool pool, bool int8, int width)
    {
        using var passes = new Passes(model, config with { LayerCount = 1 }, pool, int8, width);
        // One block run again and again would find its weights in the cache, where a pass over a large decoder does not.
        var other = Bytes(model) > CacheBytes ? new byte[2 * CacheBytes] : [];
        var measured = new Dictionary<int, IReadOnlyDictionary<Products, double>>();
        var ways = passes.Ways.ToList();
        foreach (var rows in RowCounts.Where(rows => rows == 1 || rows <= config.MaxPositions))
            measured[rows] = Race.Run(time, ways, way => Prefill(passes, way, rows), () => other.AsSpan().Fill((byte)rows));

        return new PrefillTable(measured);
    }

    /// <summary>Bits of the vectors by which kernels decode some rows quickest. On one thread: what two do together depends on who else wants a core.</summary>
    public int Width(LanguageModel model, LanguageConfig config, bool int8, int rows)
    {
        if (KernelSet.Widths is [var only]) return only;
        var block = config with { LayerCount = 1 };
        using var alone = new WorkerPool(1);
        var ways = KernelSet.Widths.Select(width => new Passes(model, block, alone, int8, width)).ToArray();
        try
        {
            var seconds = Race.Run(time, ways, passes => Prefill(passes, Products.Kernels, rows));
            return ways.First(passes => seconds[passes] <= AsQuick * seconds.Values.Min()).Width;
        }
        finally
        {
            foreach (var passes in ways) passes.Dispose();
        }
    }

    private static long Bytes(LanguageModel model) => model.parameters().Sum(static weight => weight.numel() * weight.element_size());

    private static void Prefill(Passes passes, Products way, int rows)
    {
        using var sequence = passes.NewSequence(rows, 0);
        passes.Prefill(way, [new PrefillChunk(sequence, null, new int[rows], default)]);
    }
}
