namespace M3.Adaptive.Predictor.Drift;

/// <summary>How the values of one number are spread: shares of bins whose edges are quantiles of the values that they were made of.</summary>
/// <param name="Edges">Rising; bin i holds what is above edge i - 1 and at most edge i, the last bin what is above all.</param>
/// <param name="Shares">One more than edges; they sum to 1.</param>
public sealed record BinnedDistribution(float[] Edges, float[] Shares)
{
    private const int Bins = 10;

    /// <summary>Bins of about equal mass; fewer where values repeat, as those of rare words do.</summary>
    /// <param name="values">At least one; NaN is not among them.</param>
    public static BinnedDistribution Of(IReadOnlyCollection<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        float[] sorted = [.. values.Order()];
        float[] edges = [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[(sorted.Length - 1) * i / Bins]).Where(edge => edge < sorted[^1]).Distinct()];
        return new BinnedDistribution(edges, SharesOf(edges, sorted));
    }

    /// <summary>Population stability index of other values against these: 0 is alike, 0.1 a small shift, above 0.25 a large one.</summary>
    /// <param name="values">At least one.</param>
    public double StabilityIndex(IReadOnlyCollection<float> values) => StabilityIndex(Shares, SharesOf(Edges, values), values.Count);

    /// <summary>The same of shares that were counted otherwise.</summary>
    /// <param name="expected">Sum to 1.</param>
    /// <param name="found">As many, sum to 1.</param>
    /// <param name="count">Of the values behind <paramref name="found"/>: a bin without any counts as holding half a value.</param>
    public static double StabilityIndex(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(found.Length, expected.Length);
        var (least, index) = (0.5 / count, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            var (before, now) = (Math.Max(expected[i], least), Math.Max(found[i], least));
            index += (now - before) * Math.Log(now / before);
        }

        return index;
    }

    private static float[] SharesOf(float[] edges, IReadOnlyCollection<float> values)
    {
        var shares = new float[edges.Length + 1];
        foreach (var value in values)
        {
            var at = Array.BinarySearch(edges, value);
            shares[at >= 0 ? at : ~at] += 1f / values.Count;
        }

        return shares;
    }
}
