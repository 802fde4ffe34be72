namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Measures how good probabilities are: discrimination and calibration. Pure functions over probabilities and outcomes of equal length.</summary>
public static class Ranking
{
    /// <summary>
    /// Probability that a right item is ranked above a wrong one, ties counting half; 0.5 when all outcomes are the same.
    /// </summary>
    public static double Auroc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        var (keys, outcomes) = Sorted(scores, right);
        long rightCount = 0, wrongBelow = 0;
        var wins = 0.0;
        for (var start = 0; start < keys.Length;)
        {
            var end = start;
            long tiedRight = 0;
            for (; end < keys.Length && keys[end] == keys[start]; end++) tiedRight += outcomes[end] ? 1 : 0;
            var tiedWrong = end - start - tiedRight;
            wins += tiedRight * (wrongBelow + tiedWrong / 2.0);
            rightCount += tiedRight;
            wrongBelow += tiedWrong;
            start = end;
        }

        return rightCount == 0 || wrongBelow == 0 ? 0.5 : wins / ((double)rightCount * wrongBelow);
    }

    /// <summary>Mean squared distance between probability and outcome: 0 to 1, smaller is better; NaN without items.</summary>
    public static double Brier(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, probabilities.Length);
        var sum = 0.0;
        for (var i = 0; i < right.Length; i++)
        {
            var error = probabilities[i] - (right[i] ? 1.0 : 0.0);
            sum += error * error;
        }

        return sum / right.Length;
    }

    /// <summary>
    /// Expected calibration error over bins of equal mass: the mean distance between a bin's mean probability and its share
    /// of right items, weighted by its items.
    /// </summary>
    public static double CalibrationError(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> right, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var (keys, outcomes) = Sorted(probabilities, right);
        var error = 0.0;
        for (var bin = 0; bin < bins; bin++)
        {
            var (from, to) = ((int)((long)keys.Length * bin / bins), (int)((long)keys.Length * (bin + 1) / bins));
            var gap = 0.0;
            for (var i = from; i < to; i++) gap += keys[i] - (outcomes[i] ? 1.0 : 0.0);
            error += Math.Abs(gap);
        }

        return error / keys.Length;
    }

    private static (float[] Keys, bool[] Outcomes) Sorted(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, scores.Length);
        var (keys, outcomes) = (scores.ToArray(), right.ToArray());
        Array.Sort(keys, outcomes);
        return (keys, outcomes);
    }
}
