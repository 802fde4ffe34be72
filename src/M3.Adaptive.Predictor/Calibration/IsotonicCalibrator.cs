namespace M3.Adaptive.Predictor.Calibration;

/// <summary>
/// Maps raw scores to probabilities by a non-decreasing function, as isotonic regression fits it. Between the centres of the fitted
/// pools it is linear, so that different scores rarely give the same probability.
/// </summary>
/// <param name="Scores">Centres of the pools, ascending; at least one.</param>
/// <param name="Probabilities">Their probabilities, non-decreasing, 0 to 1.</param>
public sealed record IsotonicCalibrator(float[] Scores, float[] Probabilities)
{
    /// <summary>Gives a score's calibrated probability. Beyond the ends it is that of the nearest pool.</summary>
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

    /// <summary>Says what is wrong with a calibrator that was read from a file; null when nothing is.</summary>
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
}
