namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A colour; prints as SVG writes it.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Relative brightness as the eye weighs it (ITU-R BT.601), 0..1.</summary>
    public double Luma => (0.299 * Red + 0.587 * Green + 0.114 * Blue) / 255;

    /// <summary>From hue in degrees, saturation and lightness in 0..1.</summary>
    public static Rgb FromHsl(double hue, double saturation, double lightness)
    {
        hue = (hue % 360 + 360) % 360;
        byte Channel(double n)
        {
            var k = (n + hue / 30) % 12;
            var a = saturation * Math.Min(lightness, 1 - lightness);
            return (byte)Math.Round(255 * (lightness - a * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
        return new(Channel(0), Channel(8), Channel(4));
    }

    /// <summary>This colour, moved by <paramref name="share"/> (0..1) towards another.</summary>
    public Rgb Towards(Rgb other, double share)
    {
        byte Blend(byte from, byte to) => (byte)Math.Round(from + (to - from) * share);
        return new(Blend(Red, other.Red), Blend(Green, other.Green), Blend(Blue, other.Blue));
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
