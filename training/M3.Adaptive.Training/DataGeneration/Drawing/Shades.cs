using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Colours made from hues, and from one another.</summary>
internal static class Shades
{
    extension(Rgb colour)
    {
        /// <summary>Relative brightness as the eye weighs it (ITU-R BT.601), 0 to 1.</summary>
        public double Luma => (0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue) / 255;

        public SKColor ToSkia() => new(colour.Red, colour.Green, colour.Blue);

        /// <summary>From hue in degrees, saturation and lightness in 0 to 1.</summary>
        public static Rgb FromHsl(double hue, double saturation, double lightness)
        {
            hue = (hue % 360 + 360) % 360;
            return new(Channel(0), Channel(8), Channel(4));

            byte Channel(double n)
            {
                var k = (n + hue / 30) % 12;
                var a = saturation * Math.Min(lightness, 1 - lightness);
                return (byte)Math.Round(255 * (lightness - a * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
            }
        }

        /// <summary>This colour, moved by <paramref name="share"/> (0 to 1) towards another.</summary>
        public Rgb Towards(Rgb other, double share)
        {
            return new(Blend(colour.Red, other.Red), Blend(colour.Green, other.Green), Blend(colour.Blue, other.Blue));

            byte Blend(byte from, byte to) => (byte)Math.Round(from + (to - from) * share);
        }
    }
}
