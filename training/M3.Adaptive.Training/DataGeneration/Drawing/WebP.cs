using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Writes WebP files through libwebp's simple encoding functions. Debian: libwebp7.</summary>
internal static partial class WebP
{
    private const string Library = "libwebp.so.7";

    /// <param name="rgb">width x height x 3 bytes, row by row.</param>
    /// <param name="quality">1 to 100; null: without loss.</param>
    /// <exception cref="DataAssetException">libwebp is not installed, or refuses the picture.</exception>
    public static unsafe byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, float? quality)
    {
        if (rgb.Length != width * height * 3) throw new ArgumentException($"Expected {width} x {height} x 3 bytes, found {rgb.Length}.", nameof(rgb));
        byte* output = null;
        try
        {
            var length = quality is { } lossy
                ? WebPEncodeRGB(rgb, width, height, width * 3, lossy, out output)
                : WebPEncodeLosslessRGB(rgb, width, height, width * 3, out output);
            if (length == 0) throw new DataAssetException($"libwebp could not write a picture of {width} x {height} pixels.");
            return new ReadOnlySpan<byte>(output, checked((int)length)).ToArray();
        }
        catch (DllNotFoundException missing)
        {
            throw new DataAssetException("libwebp is not installed (Debian: libwebp7). Run training/install-data-assets.sh.", missing);
        }
        finally
        {
            if (output != null) WebPFree(output);
        }
    }

    [LibraryImport(Library)]
    private static unsafe partial nuint WebPEncodeRGB(ReadOnlySpan<byte> rgb, int width, int height, int stride, float quality, out byte* output);

    [LibraryImport(Library)]
    private static unsafe partial nuint WebPEncodeLosslessRGB(ReadOnlySpan<byte> rgb, int width, int height, int stride, out byte* output);

    [LibraryImport(Library)]
    private static unsafe partial void WebPFree(byte* memory);
}
