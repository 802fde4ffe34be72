using System.Runtime.InteropServices;
using SkiaSharp;

namespace M3.Adaptive.Model.Imaging;

/// <summary>A picture as the model sees it, for people: what <see cref="Preprocessor"/> normalises.</summary>
public static class ModelView
{
    /// <param name="file">A picture's file.</param>
    /// <param name="input">How the model's input is made.</param>
    /// <returns>A PNG of the input's size.</returns>
    /// <exception cref="Core.InvalidImageException">The bytes are no picture that is read; the message names the fault and the remedy.</exception>
    public static byte[] Png(ReadOnlySpan<byte> file, PreprocessorConfig input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var picture = ImageDecoder.Decode(file, ImageLimits.Default);
        using var square = Resizer.BicubicSquare(picture, input.Size, input.PadColour);
        using var bitmap = new SKBitmap(new SKImageInfo(square.Width, square.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        var source = square.Pixels;
        for (int i = 0, at = 0; i < target.Length; i++, at += 3) target[i] = source[at] | ((uint)source[at + 1] << 8) | ((uint)source[at + 2] << 16) | 0xFF000000;
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();
    }
}
