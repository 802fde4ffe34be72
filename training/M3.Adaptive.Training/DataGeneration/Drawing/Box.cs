namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A place in units of the picture, from its top left.</summary>
public readonly record struct Box(int X, int Y, int Width, int Height)
{
    public bool Overlaps(Box other, int gap = 0) =>
        X < other.X + other.Width + gap && other.X < X + Width + gap && Y < other.Y + other.Height + gap && other.Y < Y + Height + gap;

    public int CenterX => X + Width / 2;
    public int CenterY => Y + Height / 2;
    public int Right => X + Width;
    public int Bottom => Y + Height;
}
