namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>Mahalanobis distance of a picture's features from those of the labels' pictures.</summary>
/// <param name="Mean">One a feature.</param>
/// <param name="Whitening">Rows of a lower triangle, one after the other, by which deviations become uncorrelated with variance 1.</param>
public sealed record PictureDistance(float[] Mean, float[] Whitening)
{
    public float Of(ReadOnlySpan<float> picture)
    {
        var squares = 0.0;
        for (int row = 0, at = 0; row < Mean.Length; row++)
        {
            var sum = 0.0;
            for (var column = 0; column <= row; column++) sum += Whitening[at++] * (picture[column] - Mean[column]);
            squares += sum * sum;
        }

        return (float)Math.Sqrt(squares);
    }

    /// <summary>Fits to one row a picture. The covariance is shrunk towards equal variances as far as Ledoit and Wolf (2004) find best.</summary>
    public static PictureDistance Fit(IReadOnlyList<float[]> pictures)
    {
        var (n, d) = (pictures.Count, pictures[0].Length);
        var mean = new double[d];
        foreach (var picture in pictures)
            for (var i = 0; i < d; i++) mean[i] += picture[i] / (double)n;
        double[][] rows = [.. pictures.Select(picture => picture.Select((value, i) => value - mean[i]).ToArray())];
        var deviation = new double[d];                                        // features have different units: first all get variance 1
        for (var i = 0; i < d; i++) deviation[i] = Math.Sqrt(rows.Average(row => row[i] * row[i])) is > 1e-9 and var spread ? spread : 1;
        foreach (var row in rows)
            for (var i = 0; i < d; i++) row[i] /= deviation[i];

        var covariance = Covariance(rows, d);
        Shrink(covariance, rows);
        var inverse = InvertTriangle(Cholesky(covariance));
        return new PictureDistance(
            [.. mean.Select(value => (float)value)],
            [.. Enumerable.Range(0, d).SelectMany(i => Enumerable.Range(0, i + 1).Select(j => (float)(inverse[i, j] / deviation[j])))]);
    }

    private static double[,] Covariance(double[][] rows, int d)
    {
        var covariance = new double[d, d];
        foreach (var row in rows)
            for (var i = 0; i < d; i++)
                for (var j = 0; j < d; j++) covariance[i, j] += row[i] * row[j] / rows.Length;
        return covariance;
    }

    private static void Shrink(double[,] covariance, double[][] rows)
    {
        var d = covariance.GetLength(0);
        var variance = Enumerable.Range(0, d).Average(i => covariance[i, i]);
        double fromTarget = 0, noise = 0;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                var gap = covariance[i, j] - (i == j ? variance : 0);
                fromTarget += gap * gap;
                foreach (var row in rows) noise += Math.Pow(row[i] * row[j] - covariance[i, j], 2) / rows.Length / rows.Length;
            }
        }

        var share = fromTarget > 0 ? Math.Clamp(noise / fromTarget, 0.01, 1) : 1;
        for (var i = 0; i < d; i++)
            for (var j = 0; j < d; j++) covariance[i, j] = (1 - share) * covariance[i, j] + (i == j ? share * variance : 0);
    }

    private static double[,] Cholesky(double[,] matrix)
    {
        var d = matrix.GetLength(0);
        var lower = new double[d, d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var k = 0; k < j; k++) rest -= lower[i, k] * lower[j, k];
                lower[i, j] = i == j ? Math.Sqrt(Math.Max(rest, 1e-12)) : rest / lower[j, j];
            }
        }

        return lower;
    }

    private static double[,] InvertTriangle(double[,] lower)
    {
        var d = lower.GetLength(0);
        var inverse = new double[d, d];
        for (var j = 0; j < d; j++)
        {
            inverse[j, j] = 1 / lower[j, j];
            for (var i = j + 1; i < d; i++)
            {
                for (var k = j; k < i; k++) inverse[i, j] -= lower[i, k] * inverse[k, j];
                inverse[i, j] /= lower[i, i];
            }
        }

        return inverse;
    }
}
