namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>An icon in a square, turned about its centre by some degrees, clockwise.</summary>
public readonly record struct IconMark(IconArt Art, int X, int Y, int Size, double Opacity, double Turn = 0)
{
    /// <summary>The square before it is turned.</summary>
    public Box Box => new(X, Y, Size, Size);

    /// <summary>What the icon paints.</summary>
    public Area Ink
    {
        get
        {
            var (left, top, right, bottom) = Art.Ink;
            var (dx, dy) = Area.Turned(((left + right) / 2 - 0.5) * Size, ((top + bottom) / 2 - 0.5) * Size, Turn);
            return new(X + Size / 2.0 + dx, Y + Size / 2.0 + dy, (right - left) / 2 * Size, (bottom - top) / 2 * Size, Turn);
        }
    }
}
