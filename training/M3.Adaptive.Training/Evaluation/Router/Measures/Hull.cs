namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>One way to answer: its mean cost per request and its accuracy.</summary>
public readonly record struct OperatingPoint(double MeanCost, double Accuracy);

/// <summary>Upper convex hull of fixed scales' operating points: the accuracy that mixing scales blindly reaches at each mean cost.</summary>
public sealed class Hull
{
    private readonly OperatingPoint[] _corners;

    /// <exception cref="ArgumentException">No points.</exception>
    public Hull(IEnumerable<OperatingPoint> points)
    {
        List<OperatingPoint> corners = [];
        foreach (var point in points.OrderBy(point => point.MeanCost).ThenByDescending(point => point.Accuracy))
        {
            if (corners is not [] && point.Accuracy <= corners[^1].Accuracy) continue;        // dearer and no better
            while (corners.Count >= 2 && Slope(corners[^2], corners[^1]) <= Slope(corners[^1], point)) corners.RemoveAt(corners.Count - 1);
            corners.Add(point);
        }

        if (corners is []) throw new ArgumentException("A hull needs a point.", nameof(points));
        _corners = [.. corners];
    }

    /// <summary>Cheapest first, each dearer and better than the one before.</summary>
    public ReadOnlySpan<OperatingPoint> Corners => _corners;

    /// <summary>Best accuracy at a mean cost; the best of all beyond the dearest corner, the cheapest corner's below it.</summary>
    public double At(double meanCost)
    {
        if (meanCost <= _corners[0].MeanCost) return _corners[0].Accuracy;
        for (var i = 1; i < _corners.Length; i++)
        {
            if (meanCost <= _corners[i].MeanCost)
                return _corners[i - 1].Accuracy + Slope(_corners[i - 1], _corners[i]) * (meanCost - _corners[i - 1].MeanCost);
        }

        return _corners[^1].Accuracy;
    }

    private static double Slope(OperatingPoint left, OperatingPoint right) => (right.Accuracy - left.Accuracy) / (right.MeanCost - left.MeanCost);
}
