using M3.Adaptive.Core;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Reads JPEG, PNG and WebP pictures from bytes into upright RGB: EXIF orientation applied, alpha composited over white, grey
/// and palettes expanded, 16-bit samples rounded to 8. Colour profiles and gamma are not applied. A picture is one frame:
/// animations are refused, and so are CMYK, damaged and cut files.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Decodes one picture.</summary>
    /// <exception cref="InvalidImageException">The bytes are no picture that is read; the message names the fault and the remedy.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var (image, orientation) = ImageFormats.Recognise(bytes) switch
        {
            ImageFormat.Jpeg => (JpegDecoder.Decode(bytes, limits), Exif.OfJpeg(bytes)),
            ImageFormat.Png => (PngDecoder.Decode(bytes, limits), Exif.OfPng(bytes)),
            ImageFormat.WebP => (WebPDecoder.Decode(bytes, limits), Exif.OfWebP(bytes)),
            _ => throw new InvalidImageException(ImageFormats.Refusal(bytes)),
        };
        return Orientation.Apply(image, orientation);
    }
}
