using System.Runtime.InteropServices;
using M3.Adaptive.Core;

namespace M3.Adaptive.Model.Imaging;

/// <summary>PNG through libspng. Checksums of all chunks are checked and the file must reach its end mark.</summary>
internal static partial class PngDecoder
{
    private const string Library = "libspng.so.0";
    private const int Rgba8 = 1;
    private const int Rgba16 = 2;
    private const int Rgb8 = 4;
    private const int ApplyTransparency = 1;
    private const int AlphaChannel = 4;         // bit of the header's colour type
    private const int TransparencyBytes = 512;  // spng_trns has 268
    private const int MaxChunkBytes = 16 << 20; // of text and profiles, inflated

    public static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        using var decoder = new Decoder(spng_ctx_new(0));
        Check(spng_set_chunk_limits(decoder, MaxChunkBytes, 2 * MaxChunkBytes));
        unsafe
        {
            fixed (byte* file = bytes)          // the decoder reads from here until it is gone
            {
                Check(spng_set_png_buffer(decoder, file, (nuint)bytes.Length));
                return Decode(decoder, bytes, limits);
            }
        }
    }

    private static RgbImage Decode(Decoder decoder, ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        Check(spng_get_ihdr(decoder, out var header));
        limits.Check(header.Width, header.Height);
        RefuseAnimation(bytes);
        var (width, height) = ((int)header.Width, (int)header.Height);
        var hasAlpha = (header.ColourType & AlphaChannel) != 0 || spng_get_trns(decoder, stackalloc byte[TransparencyBytes]) == 0;
        var (format, pixelBytes) = header.BitDepth == 16 ? (Rgba16, 8) : hasAlpha ? (Rgba8, 4) : (Rgb8, 3);
        var pixels = GC.AllocateUninitializedArray<byte>(checked(pixelBytes * width * height));
        Check(spng_decode_image(decoder, pixels, (nuint)pixels.Length, format, hasAlpha ? ApplyTransparency : 0));
        Check(spng_decode_chunks(decoder));
        if (format == Rgba16) Samples.RoundToBytes(pixels);
        if (format != Rgb8) Samples.CompositeOverWhite(pixels, width * height);
        return new RgbImage(width, height, pixels);
    }

    private static void RefuseAnimation(ReadOnlySpan<byte> bytes)
    {
        var animation = PngChunks.Find(bytes, "acTL"u8);
        if (animation.Length >= 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(animation) > 1)
            throw new InvalidImageException("The PNG is animated, and one frame is read: send the frame that is meant.");
    }

    private static void Check(int status)
    {
        if (status == 0) return;
        throw new InvalidImageException(
            $"The PNG is damaged or cut ({Marshal.PtrToStringUTF8(spng_strerror(status))}): send the whole file, or save it anew.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Header              // spng_ihdr
    {
        public readonly uint Width;
        public readonly uint Height;
        public readonly byte BitDepth;
        public readonly byte ColourType;
        public readonly byte Compression;
        public readonly byte Filter;
        public readonly byte Interlace;
    }

    [LibraryImport(Library)]
    private static partial nint spng_ctx_new(int flags);

    [LibraryImport(Library)]
    private static partial void spng_ctx_free(nint decoder);

    [LibraryImport(Library)]
    private static partial nint spng_strerror(int status);

    [LibraryImport(Library)]
    private static partial int spng_set_chunk_limits(Decoder decoder, nuint chunkBytes, nuint cacheBytes);

    [LibraryImport(Library)]
    private static unsafe partial int spng_set_png_buffer(Decoder decoder, byte* bytes, nuint size);

    [LibraryImport(Library)]
    private static partial int spng_get_ihdr(Decoder decoder, out Header header);

    [LibraryImport(Library)]
    private static partial int spng_get_trns(Decoder decoder, Span<byte> transparency);

    [LibraryImport(Library)]
    private static partial int spng_decode_image(Decoder decoder, Span<byte> pixels, nuint size, int format, int flags);

    [LibraryImport(Library)]
    private static partial int spng_decode_chunks(Decoder decoder);

    private sealed class Decoder : SafeHandle
    {
        public Decoder(nint decoder) : base(invalidHandleValue: 0, ownsHandle: true)
        {
            if (decoder == 0) throw new InsufficientMemoryException("The PNG decoder could not be created.");
            SetHandle(decoder);
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            spng_ctx_free(handle);
            return true;
        }
    }
}
