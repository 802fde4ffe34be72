using M3.Adaptive.Predictor.Calibration;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Fits calibrators by pooling adjacent violators (Zadrozny and Elkan 2002).</summary>
public static class IsotonicRegression
{
    /// <summary>Fits a calibrator to scores and outcomes. No probability is nearer to 0 or 1 than half an item's share.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no items, or the lengths differ.</exception>
    public static IsotonicCalibrator Fit(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        ArgumentOutOfRangeException.ThrowIfZero(scores.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, scores.Length);
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
        return new IsotonicCalibrator(
            [.. ascending.Select(pool => (float)pool.Centre)],
            [.. ascending.Select(pool => Math.Clamp((float)pool.Mean, margin, 1 - margin))]);
    }

    private readonly record struct Pool(double ScoreSum, double RightSum, int Count)
    {
        public double Mean => RightSum / Count;

        public double Centre => ScoreSum / Count;

        public static Pool operator +(Pool left, Pool right) =>
            new(left.ScoreSum + right.ScoreSum, left.RightSum + right.RightSum, left.Count + right.Count);
    }
}
