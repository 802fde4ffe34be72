namespace M3.Adaptive.Training.Statistics;

/// <summary>A figure with its 95 % interval.</summary>
/// <param name="Value">On the items as they are.</param>
/// <param name="Low">Lower end; 2.5 % of the resampled values lie below it.</param>
/// <param name="High">Upper end: 2.5 % of the resampled values lie above it.</param>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>Whether the whole interval lies above 0.</summary>
    public bool IsPositive() => Low > 0;

    /// <summary>
    /// For a figure that resampling itself raises, as an error that is a sum of distances: the interval moved down by as much, not below 0, and never
    /// leaving the value out.
    /// </summary>
    public Estimate Centred(double meanOfResampled) =>
        new(Value, Math.Clamp(Low - meanOfResampled + Value, 0, Value), Math.Max(High - meanOfResampled + Value, Value));

    /// <summary>From a figure and the same figure on resampled items (percentile bootstrap).</summary>
    /// <param name="resampled">At least one.</param>
    public static Estimate Of(double value, IEnumerable<double> resampled)
    {
        double[] sorted = [.. resampled.Order()];
        return new Estimate(value, Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
