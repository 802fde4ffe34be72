using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Scheduling;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// First passes of every kind, which start threads, fill pools and teach what passes take here. Sizes grow until they take long: a large model is
/// asked for two of each kind and the rest is inferred.
/// </summary>
internal static class WarmUp
{
    private const double LongSeconds = 0.1;                                       // of one pass: larger ones are not tried
    private const double Worthwhile = 0.95;                                       // of what pictures take one by one
    private const int Tries = 3;                                                  // the first one starts things, and others may want the processor
    private static readonly int[] Positions = [8, 32, 128, 512];
    private static readonly (int Rows, int Positions)[] Batches = [(1, 8), (4, 8), (1, 256), (16, 128)];

    /// <param name="prefix">Behind which to run.</param>
    /// <param name="pictures">Whether so many together are quicker than one by one is measured, too.</param>
    public static StepCost Measure(IArithmetic arithmetic, SequenceState prefix, EngineModel model, int pictures, TimeProvider time)
    {
        var prefills = new List<(int, int, double)>();
        foreach (var positions in Positions.Where(positions => prefix.Length + positions <= model.Context))
        {
            var seconds = Prefill(arithmetic, prefix, positions, time);
            prefills.Add((prefix.Length, positions, seconds));
            if (seconds > LongSeconds && prefills.Count > 1) break;
        }

        var decodes = new List<(int, long, double)>();
        foreach (var (rows, positions) in Batches.Where(batch => prefix.Length + batch.Positions + Tries <= model.Context))
        {
            var seconds = Decode(arithmetic, prefix, rows, positions, time);
            decodes.Add((rows, rows * (prefix.Length + positions + 1L), seconds));
            if (seconds > LongSeconds && decodes.Count > 1) break;
        }

        var slices = Encode(arithmetic, 1, model.PictureSide, time);
        var isTried = pictures > 1 && slices.Sum() <= LongSeconds;
        var isQuicker = isTried && Encode(arithmetic, pictures, model.PictureSide, time).Sum() < Worthwhile * pictures * slices.Sum();
        return new StepCost(decodes, prefills, slices)
        {
            MostPictures = isQuicker ? pictures : 1,
            LeastPart = Math.Max(StepPlanner.LeastPositions, arithmetic.LeastPart),
        };
    }

    private static double Prefill(IArithmetic arithmetic, SequenceState prefix, int positions, TimeProvider time)
    {
        var (best, logits) = (double.PositiveInfinity, new float[arithmetic.Vocabulary]);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            using var sequence = arithmetic.Fork(prefix, prefix.Length, prefix.Length + positions);
            best = Math.Min(best, Seconds(time, () => arithmetic.Prefill([new PrefillChunk(sequence, null, new int[positions], logits)])));
            if (best > LongSeconds) break;
        }

        return best;
    }

    private static double Decode(IArithmetic arithmetic, SequenceState prefix, int rows, int positions, TimeProvider time)
    {
        var sequences = Enumerable.Range(0, rows).Select(_ => arithmetic.Fork(prefix, prefix.Length, prefix.Length + positions + Tries)).ToArray();
        arithmetic.Prefill([.. sequences.Select(sequence => new PrefillChunk(sequence, null, new int[positions], default))]);
        DecodeRow[] batch = [.. sequences.Select(sequence => new DecodeRow(sequence, 0, new float[arithmetic.Vocabulary]))];
        var best = double.PositiveInfinity;
        for (var attempt = 0; attempt < Tries && !(best > LongSeconds && attempt > 0); attempt++)
            best = Math.Min(best, Seconds(time, () => arithmetic.Decode(batch)));
        foreach (var sequence in sequences) sequence.Dispose();
        return best;
    }

    private static double[] Encode(IArithmetic arithmetic, int pictures, int side, TimeProvider time)
    {
        double[] best = [];
        for (var attempt = 0; attempt < Tries && !(best.Sum() > LongSeconds); attempt++)
        {
            using var encoding = arithmetic.Encode([.. Enumerable.Repeat(new float[3 * side * side], pictures)]);
            if (best.Length == 0) best = [.. Enumerable.Repeat(double.PositiveInfinity, encoding.Left)];
            while (encoding.Left > 0) best[encoding.Done] = Math.Min(best[encoding.Done], Seconds(time, encoding.Advance));
        }

        return best;
    }

    private static double Seconds(TimeProvider time, Action body)
    {
        var start = time.GetTimestamp();
        body();
        return Math.Max(1e-9, time.GetElapsedTime(start).TotalSeconds);
    }
}
