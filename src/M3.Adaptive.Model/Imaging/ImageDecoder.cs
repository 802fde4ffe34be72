using System.Buffers;
using System.Runtime.InteropServices;
using M3.Adaptive.Core;
using SkiaSharp;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Reads JPEG, PNG and WebP pictures from bytes into upright RGB: EXIF orientation applied, alpha composited over white, grey
/// and palettes expanded, 16-bit samples cut to their high byte. Colour profiles and gamma are not applied. A picture is one frame:
/// animations are refused, and so are CMYK files and those whose end is missing or whose damage the decoder reports. Damage inside a
/// JPEG whose end is intact is not reported, as libjpeg only warns of it: such a picture is read with the damage in it.
/// </summary>
public static class ImageDecoder
{
    private static ArrayPool<byte> Buffers => ArrayPool<byte>.Shared;

    /// <summary>Decodes one picture; while it does so, four bytes a pixel are held, and seven when the picture has to be turned.</summary>
    /// <exception cref="InvalidImageException">The bytes are no picture that is read; the message names the fault and the remedy.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.CheckBytes(bytes.Length);
        var format = ImageFormats.Recognise(bytes);
        if (format == ImageFormat.Unknown) throw new InvalidImageException(ImageFormats.Refusal(bytes));
        var header = ImageHeader.Read(format, bytes);
        if (header.UnsupportedKind is { } kind)
            throw new InvalidImageException($"The picture is {kind}, which is not supported: convert it to an 8-bit RGB picture in JPEG, PNG or WebP.");
        using var data = SKData.CreateCopy(header.PixelsOnly is { } file ? file.Span : bytes);
        using var codec = SKCodec.Create(data) ?? throw Broken(format);
        limits.CheckPixels(codec.Info.Width, codec.Info.Height);
        if (Math.Max(header.Frames, codec.FrameCount) > 1)
            throw new InvalidImageException($"The {ImageFormats.Name(format)} is animated, and one frame is read: send the frame that is meant.");
        if (!header.IsComplete) throw Broken(format);
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var stored = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, alpha, colorspace: null);
        var pixels = Buffers.Rent(stored.BytesSize);
        if (codec.GetPixels(stored, pixels) != SKCodecResult.Success)
        {
            Buffers.Return(pixels);
            throw Broken(format);
        }

        return Upright(stored, pixels, header.Orientation ?? codec.EncodedOrigin);
    }

    /// <summary>RGBA as it is stored to upright RGB over white.</summary>
    private static RgbImage Upright(SKImageInfo stored, byte[] pixels, SKEncodedOrigin orientation)
    {
        var (w, h) = (stored.Width, stored.Height);
        var (origin, right, down) = orientation switch          // the stored pixel of (0, 0), and its steps per x and y
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => ((w * h) - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => (w * (h - 1), 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (w * (h - 1), -w, 1),
            SKEncodedOrigin.RightBottom => ((w * h) - 1, -w, -1),
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        var (width, height) = orientation >= SKEncodedOrigin.LeftTop ? (h, w) : (w, h);
        // An upright picture stays in its buffer: what is written never overtakes what is still to be read.
        var upright = origin == 0 && right == 1 ? pixels : Buffers.Rent(3 * w * h);
        var source = MemoryMarshal.Cast<byte, Rgba>(pixels);
        var target = MemoryMarshal.Cast<byte, Rgb>(upright.AsSpan(0, 3 * w * h));
        for (var y = 0; y < height; y++)
        {
            var row = target.Slice(width * y, width);
            for (int x = 0, at = origin + (y * down); x < width; x++, at += right) row[x] = source[at].OverWhite();
        }

        if (upright != pixels) Buffers.Return(pixels);
        return new RgbImage(width, height, upright, Buffers);
    }

    private static InvalidImageException Broken(ImageFormat format) =>
        new($"The {ImageFormats.Name(format)} is damaged or cut: send the whole file, or save it anew.");

    private readonly record struct Rgba(byte Red, byte Green, byte Blue, byte Alpha)
    {
        public Rgb OverWhite() => Alpha == 255 ? new(Red, Green, Blue) : new(OverWhite(Red), OverWhite(Green), OverWhite(Blue));

        // Pillow's alpha_composite: rounds (c·a + 255·(255 - a)) / 255 to the nearest without a division.
        private byte OverWhite(int colour)
        {
            var sum = (colour * Alpha) + (255 * (255 - Alpha)) + 128;
            return (byte)((sum + (sum >> 8)) >> 8);
        }
    }
}
