namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A turn about a point by some degrees, clockwise; the default turns nothing.</summary>
public readonly record struct Turn(double Degrees, double X, double Y)
{
    /// <summary>Where a point comes to lie.</summary>
    public (double X, double Y) Of(double x, double y)
    {
        if (Degrees == 0) return (x, y);
        var (dx, dy) = Area.Turned(x - X, y - Y, Degrees);
        return (X + dx, Y + dy);
    }
}
