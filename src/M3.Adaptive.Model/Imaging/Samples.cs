using System.Runtime.InteropServices;

namespace M3.Adaptive.Model.Imaging;

/// <summary>Arithmetic on decoded samples, in place: what is written never overtakes what is still to be read.</summary>
internal static class Samples
{
    /// <summary>16-bit samples to 8 bits, rounded to the nearest: the first half of the buffer receives them.</summary>
    public static void RoundToBytes(Span<byte> samples)
    {
        var wide = MemoryMarshal.Cast<byte, ushort>(samples);
        for (var i = 0; i < wide.Length; i++) samples[i] = (byte)((wide[i] + 128) / 257);
    }

    /// <summary>RGBA to RGB over white: (c·a + 255·(255 - a) + 127) / 255, rounded down.</summary>
    public static void CompositeOverWhite(Span<byte> rgba, int pixels)
    {
        for (var i = 0; i < pixels; i++)
        {
            int alpha = rgba[(4 * i) + 3];
            var white = (255 * (255 - alpha)) + 127;
            for (var c = 0; c < 3; c++) rgba[(3 * i) + c] = (byte)(((rgba[(4 * i) + c] * alpha) + white) / 255);
        }
    }
}
