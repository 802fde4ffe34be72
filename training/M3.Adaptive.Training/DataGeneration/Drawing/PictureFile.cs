using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Skia's pixels to and from pictures and files.</summary>
internal static class PictureFile
{
    /// <summary>The pixels of a picture without transparency.</summary>
    public static RgbImage Read(SKPixmap pixels)
    {
        var (width, height) = (pixels.Width, pixels.Height);
        var rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        var to = 0;
        for (var y = 0; y < height; y++)
        {
            var row = pixels.GetPixelSpan().Slice(y * pixels.RowBytes, 4 * width);
            for (var from = 0; from < row.Length; from += 4, to += 3) (rgb[to], rgb[to + 1], rgb[to + 2]) = (row[from], row[from + 1], row[from + 2]);
        }
        return new RgbImage(width, height, rgb);
    }

    /// <summary>A picture that can be drawn.</summary>
    /// <param name="rgb">width x height x 3 bytes, row by row.</param>
    public static SKImage Image(ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (rgb.Length != width * height * 3) throw new ArgumentException($"Expected {width} x {height} x 3 bytes, found {rgb.Length}.", nameof(rgb));
        var rgba = new byte[rgb.Length / 3 * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = byte.MaxValue;
        }
        return SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
    }

    /// <param name="quality">1 to 100.</param>
    public static byte[] Jpeg(SKPixmap pixels, int quality) =>
        Written(pixels.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)), pixels);

    public static byte[] Png(SKPixmap pixels) => Written(pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 9)), pixels);

    /// <param name="quality">1 to 100; null: without loss.</param>
    public static byte[] Webp(SKPixmap pixels, float? quality) => Written(pixels.Encode(quality is { } lossy
        ? new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, lossy)
        : new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 75)), pixels);

    /// <param name="rgb">width x height x 3 bytes, row by row.</param>
    /// <param name="quality">1 to 100; null: without loss.</param>
    public static byte[] Webp(ReadOnlySpan<byte> rgb, int width, int height, float? quality)
    {
        using var image = Image(rgb, width, height);
        using var pixels = image.PeekPixels();
        return Webp(pixels, quality);
    }

    private static byte[] Written(SKData? file, SKPixmap pixels)
    {
        using (file) return file?.ToArray() ?? throw new InvalidOperationException($"Skia could not write a picture of {pixels.Width} x {pixels.Height} pixels.");
    }
}
