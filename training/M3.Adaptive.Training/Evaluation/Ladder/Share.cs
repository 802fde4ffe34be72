namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>A share with its 95 % interval (Wilson's score interval).</summary>
internal readonly record struct Share(double Accuracy, double Low, double High)
{
    private const double Z = 1.959964;           // the normal distribution's 97.5 % quantile

    /// <param name="right">0 to <paramref name="asked"/>.</param>
    /// <param name="asked">1 or more.</param>
    public static Share Of(int right, int asked)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asked);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, asked);
        var p = right / (double)asked;
        var z2 = Z * Z / asked;
        var centre = (p + z2 / 2) / (1 + z2);
        var half = Z / (1 + z2) * Math.Sqrt(p * (1 - p) / asked + z2 / (4 * asked));
        return new Share(p, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
