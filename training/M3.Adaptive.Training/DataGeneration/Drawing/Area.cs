namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A rectangle turned about its centre: what a thing covers, in units of the picture.</summary>
/// <param name="Degrees">Clockwise.</param>
public readonly record struct Area(double CenterX, double CenterY, double HalfWidth, double HalfHeight, double Degrees)
{
    /// <summary>The upright rectangle between four edges.</summary>
    public static Area Between(double left, double top, double right, double bottom) =>
        new((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 0);

    /// <summary>Whether the point lies within, edges included.</summary>
    public bool Contains(double x, double y)
    {
        const double Rounding = 1e-9;
        var (along, across) = Turned(x - CenterX, y - CenterY, -Degrees);
        return Math.Abs(along) <= HalfWidth + Rounding && Math.Abs(across) <= HalfHeight + Rounding;
    }

    /// <summary>The smallest upright rectangle around it.</summary>
    public (double Left, double Top, double Right, double Bottom) Bounds
    {
        get
        {
            var (sine, cosine) = Math.SinCos(Degrees * Math.PI / 180);
            var reachX = Math.Abs(HalfWidth * cosine) + Math.Abs(HalfHeight * sine);
            var reachY = Math.Abs(HalfWidth * sine) + Math.Abs(HalfHeight * cosine);
            return (CenterX - reachX, CenterY - reachY, CenterX + reachX, CenterY + reachY);
        }
    }

    /// <summary>A step, turned clockwise.</summary>
    public static (double X, double Y) Turned(double x, double y, double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        return (x * cosine - y * sine, x * sine + y * cosine);
    }
}
