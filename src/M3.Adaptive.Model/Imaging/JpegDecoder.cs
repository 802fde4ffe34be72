using System.Runtime.InteropServices;
using M3.Adaptive.Core;

namespace M3.Adaptive.Model.Imaging;

/// <summary>JPEG through libjpeg-turbo's TurboJPEG API.</summary>
internal static partial class JpegDecoder
{
    private const string Library = "libturbojpeg.so.0";
    private const int FormatRgb = 0;
    private const int LimitScans = 32_768;      // a progressive file of endless scans is refused instead of decoded for minutes
    private const int ColourCmyk = 3;
    private const int ColourYcck = 4;

    public static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        using var decoder = new Decoder(tjInitDecompress());
        if (tjDecompressHeader3(decoder, bytes, (nuint)bytes.Length, out var width, out var height, out _, out var colour) != 0)
            throw Broken(decoder);
        limits.Check(width, height);
        if (colour is ColourCmyk or ColourYcck)
            throw new InvalidImageException("The picture is a CMYK JPEG, made for print and without defined RGB colours: convert it to RGB.");
        var pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        if (tjDecompress2(decoder, bytes, (nuint)bytes.Length, pixels, width, 3 * width, height, FormatRgb, LimitScans) != 0)
            throw Broken(decoder);
        return new RgbImage(width, height, pixels);
    }

    private static InvalidImageException Broken(Decoder decoder) =>
        new($"The JPEG is damaged or cut ({Marshal.PtrToStringUTF8(tjGetErrorStr2(decoder))}): send the whole file, or save it anew.");

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint decoder);

    [LibraryImport(Library)]
    private static partial nint tjGetErrorStr2(Decoder decoder);

    [LibraryImport(Library)]
    private static partial int tjDecompressHeader3(
        Decoder decoder, ReadOnlySpan<byte> bytes, nuint size, out int width, out int height, out int subsampling, out int colour);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(
        Decoder decoder, ReadOnlySpan<byte> bytes, nuint size, Span<byte> pixels, int width, int pitch, int height, int format, int flags);

    private sealed class Decoder : SafeHandle
    {
        public Decoder(nint decoder) : base(invalidHandleValue: 0, ownsHandle: true)
        {
            if (decoder == 0) throw new InsufficientMemoryException("The JPEG decoder could not be created.");
            SetHandle(decoder);
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => tjDestroy(handle) == 0;
    }
}
