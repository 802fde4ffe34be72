namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>What a measure gives for the labels themselves, each judged by what was fitted without it.</summary>
public sealed record UsualRange(float Median, float Quantile95)
{
    private const float Most = 3;

    /// <summary>0 up to the median, 1 at the 95 % quantile, 3 at most.</summary>
    public float Of(float raw) => Quantile95 > Median ? Math.Clamp((raw - Median) / (Quantile95 - Median), 0, Most) : raw > Median ? Most : 0;

    public static UsualRange Fit(IEnumerable<float> raw)
    {
        float[] sorted = [.. raw.Order()];
        return new UsualRange(sorted[sorted.Length / 2], sorted[sorted.Length * 95 / 100]);
    }
}
