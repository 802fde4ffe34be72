namespace M3.Adaptive.Model.Imaging;

/// <summary>A colour of three bytes; prints as SVG and CSS write it.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
