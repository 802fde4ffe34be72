using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Times the ways of a pass on the model's own first block, on the thread and in the pool that will run them: what a processor says it can do
/// does not tell which is quicker.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class StartMeasurement(TimeProvider time)
{
    private const double TooSlow = 3;                                             // times the quickest: once is enough
    private const double EnoughSeconds = 0.02;                                    // of one way at one number of rows
    private const double LongSeconds = 0.3;                                       // for one round, beside which what it also prepares is little
    private const long CacheBytes = 32 << 20;                                     // decoders up to this size may stay in a processor's cache between steps
    private const int LeastRounds = 3, MostRounds = 6;                            // the first also prepares what later ones use
    private static readonly int[] RowCounts = [1, 8, 32, 128, 512];

    /// <summary>Times all ways at 1 to 512 rows, as far as the context reaches.</summary>
    public PrefillTable Run(LanguageModel model, LanguageConfig config, WorkerPool pool, bool int8, int width)
    {
        using var passes = new Passes(model, config with { LayerCount = 1 }, pool, int8, width);
        var other = Bytes(model) > CacheBytes ? new byte[2 * CacheBytes] : [];
        var measured = new Dictionary<int, IReadOnlyDictionary<Products, double>>();
        var ways = passes.Ways.ToList();
        foreach (var rows in RowCounts.Where(rows => rows == 1 || rows <= config.MaxPositions))
            measured[rows] = Race(ways, way => Prefill(passes, way, rows), () => other.AsSpan().Fill((byte)rows));

        return new PrefillTable(measured);
    }

    /// <summary>Least seconds of each way in a few rounds. Every round runs all of them, so that a busy moment meets all alike.</summary>
    /// <param name="ways">At least one.</param>
    /// <param name="run">Timed.</param>
    /// <param name="before">Not timed: one block run again and again would find its weights in the cache, where a pass over a large decoder does not.</param>
    public IReadOnlyDictionary<T, double> Race<T>(IReadOnlyList<T> ways, Action<T> run, Action? before = null) where T : notnull
    {
        var best = ways.ToDictionary(static way => way, static _ => double.PositiveInfinity);
        var all = 0.0;
        for (var round = 0; round < MostRounds && all < (round < LeastRounds ? LongSeconds : EnoughSeconds) * ways.Count; round++)
        {
            foreach (var way in ways)
            {
                if (round > 1 && best[way] > TooSlow * best.Values.Min()) continue;
                before?.Invoke();
                var start = time.GetTimestamp();
                run(way);
                var seconds = time.GetElapsedTime(start).TotalSeconds;
                best[way] = Math.Min(best[way], seconds);
                all += seconds;
            }
        }

        return best;
    }

    private static long Bytes(LanguageModel model) => model.parameters().Sum(static weight => weight.numel() * weight.element_size());

    private static void Prefill(Passes passes, Products way, int rows)
    {
        using var sequence = passes.NewSequence(rows, 0);
        passes.Prefill(way, [new PrefillChunk(sequence, null, new int[rows], default)]);
    }
}
