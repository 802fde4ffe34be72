using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using M3.Adaptive.Core;

namespace M3.Adaptive.Model.Imaging;

/// <summary>WebP, lossy and lossless, through libwebp.</summary>
internal static partial class WebPDecoder
{
    private const string Library = "libwebp.so.7";
    private const int DecoderAbiVersion = 0x0208;

    public static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        if (WebPGetFeaturesInternal(bytes, (nuint)bytes.Length, out var features, DecoderAbiVersion) != 0) throw Broken();
        limits.Check(features.Width, features.Height);
        if (features.HasAnimation != 0)
            throw new InvalidImageException("The WebP is animated, and one frame is read: send the frame that is meant.");
        return features.HasAlpha != 0 ? DecodeAlpha(bytes, features) : DecodeOpaque(bytes, features);
    }

    private static RgbImage DecodeOpaque(ReadOnlySpan<byte> bytes, Features features)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(3 * features.Width * features.Height);
        if (WebPDecodeRGBInto(bytes, (nuint)bytes.Length, pixels, (nuint)pixels.Length, 3 * features.Width) == 0) throw Broken();
        return new RgbImage(features.Width, features.Height, pixels);
    }

    private static RgbImage DecodeAlpha(ReadOnlySpan<byte> bytes, Features features)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(4 * features.Width * features.Height);
        if (WebPDecodeRGBAInto(bytes, (nuint)bytes.Length, pixels, (nuint)pixels.Length, 4 * features.Width) == 0) throw Broken();
        Samples.CompositeOverWhite(pixels, features.Width * features.Height);
        return new RgbImage(features.Width, features.Height, pixels);
    }

    private static InvalidImageException Broken() => new("The WebP is damaged or cut: send the whole file, or save it anew.");

    [InlineArray(5)]
    private struct Padding
    {
        private int _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Features            // WebPBitstreamFeatures
    {
        public readonly int Width;
        public readonly int Height;
        public readonly int HasAlpha;
        public readonly int HasAnimation;
        public readonly int Format;
        private readonly Padding _padding;
    }

    [LibraryImport(Library)]
    private static partial int WebPGetFeaturesInternal(ReadOnlySpan<byte> bytes, nuint size, out Features features, int version);

    [LibraryImport(Library)]
    private static partial nint WebPDecodeRGBInto(ReadOnlySpan<byte> bytes, nuint size, Span<byte> pixels, nuint capacity, int stride);

    [LibraryImport(Library)]
    private static partial nint WebPDecodeRGBAInto(ReadOnlySpan<byte> bytes, nuint size, Span<byte> pixels, nuint capacity, int stride);
}
