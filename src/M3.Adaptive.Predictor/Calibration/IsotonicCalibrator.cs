namespace M3.Adaptive.Predictor.Calibration;

/// <summary>
/// A non-decreasing map from raw scores to probabilities, fitted by pooling adjacent violators (Zadrozny and Elkan 2002) and read
/// between the pools' centres by straight lines, so that different scores rarely give the same probability.
/// </summary>
/// <param name="Scores">Centres of the pools, ascending; at least one.</param>
/// <param name="Probabilities">Their probabilities, non-decreasing, 0 to 1.</param>
public sealed record IsotonicCalibrator(float[] Scores, float[] Probabilities)
{
    /// <summary>Fits to scores and what came of them. Probabilities stay away from 0 and 1 by as much as one item can tell.</summary>
    /// <exception cref="ArgumentException">No items, or a length differs.</exception>
    public static IsotonicCalibrator Fit(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        if (scores.IsEmpty || scores.Length != right.Length)
            throw new ArgumentException($"{scores.Length} scores and {right.Length} outcomes; expected as many, and at least one.", nameof(scores));
        var (keys, outcomes) = (scores.ToArray(), right.ToArray());
        Array.Sort(keys, outcomes);

        var pools = new Stack<Pool>();
        for (var i = 0; i < keys.Length;)
        {
            var pool = new Pool(0, 0, 0);
            for (var score = keys[i]; i < keys.Length && keys[i] == score; i++) pool += new Pool(score, outcomes[i] ? 1 : 0, 1);
            while (pools.TryPeek(out var before) && before.Mean >= pool.Mean) pool += pools.Pop();
            pools.Push(pool);
        }

        var ascending = pools.Reverse().ToArray();
        var margin = 0.5f / scores.Length;
        return new(
            [.. ascending.Select(pool => (float)pool.Centre)],
            [.. ascending.Select(pool => Math.Clamp((float)pool.Mean, margin, 1 - margin))]);
    }

    /// <summary>Calibrated probability; the nearest pool's beyond the ends.</summary>
    public float Of(float score)
    {
        var next = Array.BinarySearch(Scores, score);
        if (next >= 0) return Probabilities[next];
        next = ~next;
        if (next == 0) return Probabilities[0];
        if (next == Scores.Length) return Probabilities[^1];
        var share = (score - Scores[next - 1]) / (Scores[next] - Scores[next - 1]);
        return Probabilities[next - 1] + share * (Probabilities[next] - Probabilities[next - 1]);
    }

    /// <summary>What is wrong with a calibrator read from a file; null when nothing is.</summary>
    internal string? Fault()
    {
        if (Scores.Length == 0 || Scores.Length != Probabilities.Length) return $"has {Scores.Length} scores and {Probabilities.Length} probabilities";
        for (var i = 0; i < Scores.Length; i++)
        {
            if (!float.IsFinite(Scores[i]) || Probabilities[i] is not (>= 0 and <= 1)) return $"has score {Scores[i]} with probability {Probabilities[i]}";
            if (i > 0 && (Scores[i] <= Scores[i - 1] || Probabilities[i] < Probabilities[i - 1])) return $"is not ascending at entry {i}";
        }

        return null;
    }

    private readonly record struct Pool(double ScoreSum, double RightSum, int Count)
    {
        public double Mean => RightSum / Count;

        public double Centre => ScoreSum / Count;

        public static Pool operator +(Pool left, Pool right) =>
            new(left.ScoreSum + right.ScoreSum, left.RightSum + right.RightSum, left.Count + right.Count);
    }
}
