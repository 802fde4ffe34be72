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
    private const double TooSlow = 3;                                             // times the quickest: not tried with more rows
    private const double EnoughSeconds = 0.02;                                    // of one way at one number of rows
    private const int MostRounds = 6;
    private static readonly int[] RowCounts = [1, 8, 32, 128, 512];

    /// <summary>Times all ways at 1 to 512 rows, as far as the context reaches.</summary>
    public PrefillTable Run(LanguageModel model, LanguageConfig config, WorkerPool pool, bool int8, int width)
    {
        using var passes = new Passes(model, config with { LayerCount = 1 }, pool, int8, width);
        var measured = new Dictionary<int, IReadOnlyDictionary<Products, double>>();
        var left = passes.Ways.ToList();
        foreach (var rows in RowCounts.Where(rows => rows == 1 || rows <= config.MaxPositions))
        {
            var seconds = left.ToDictionary(static way => way, way => Best(() => Prefill(passes, way, rows)));
            var best = seconds.Values.Min();
            measured[rows] = seconds;
            left.RemoveAll(way => rows > 1 && seconds[way] > TooSlow * best);
        }

        return new PrefillTable(measured);
    }

    /// <summary>Least seconds of a few runs; of one, when that takes long.</summary>
    public double Best(Action action)
    {
        var (best, all) = (double.PositiveInfinity, 0.0);
        for (var round = 0; round < MostRounds && all < EnoughSeconds; round++)
        {
            var start = time.GetTimestamp();
            action();
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds);
            all += seconds;
        }

        return best;
    }

    private static void Prefill(Passes passes, Products way, int rows)
    {
        using var sequence = passes.NewSequence(rows, 0);
        passes.Prefill(way, [new PrefillChunk(sequence, null, new int[rows], default)]);
    }
}
