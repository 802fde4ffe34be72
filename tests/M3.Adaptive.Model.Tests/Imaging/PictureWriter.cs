using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Model.Tests.Imaging;

/// <summary>Writes pictures of every kind that the decoder must read or refuse; PNG by hand, the others by their libraries.</summary>
internal static partial class PictureWriter
{
    public static readonly byte[] PngSignature = [0x89, .. "PNG\r\n\u001a\n"u8];

    /// <summary>A PNG of one IDAT chunk, rows unfiltered.</summary>
    /// <param name="rows">Packed samples of all rows, without filter bytes.</param>
    /// <param name="extra">Chunks between header and data.</param>
    public static byte[] Png(int width, int height, int depth, int colourType, ReadOnlySpan<byte> rows, params byte[][] extra)
    {
        var channels = colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var rowBytes = ((width * depth * channels) + 7) / 8;
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                deflate.WriteByte(0);
                deflate.Write(rows.Slice(y * rowBytes, rowBytes));
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colourType);
        return [.. PngSignature, .. Chunk("IHDR", header), .. extra.SelectMany(chunk => chunk), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        for (var i = 0; i < 4; i++) chunk[4 + i] = (byte)type[i];
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>A TIFF structure with one entry: the orientation.</summary>
    public static byte[] Exif(int orientation, bool bigEndian = false) => bigEndian
        ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]
        : [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A baseline JPEG without chroma subsampling, quality 100.</summary>
    public static byte[] Jpeg(RgbImage image, byte[]? exif = null) => Compress(image.Pixels, image.Width, image.Height, format: 0, subsampling: 0, exif);

    /// <summary>A JPEG of four inks.</summary>
    public static byte[] CmykJpeg(int width, int height) => Compress(new byte[4 * width * height], width, height, format: 11, subsampling: 0, null);

    /// <summary>A lossless WebP; with EXIF in the extended container.</summary>
    public static byte[] WebP(RgbImage image, byte[]? exif = null)
    {
        var size = (int)WebPEncodeLosslessRGB(image.Pixels, image.Width, image.Height, 3 * image.Width, out var encoded);
        var simple = new byte[size];
        Marshal.Copy(encoded, simple, 0, size);
        WebPFree(encoded);
        if (exif is null) return simple;
        byte[] extended = [8, 0, 0, 0, .. Int24(image.Width - 1), .. Int24(image.Height - 1)];
        byte[] chunks = [.. RiffChunk("VP8X", extended), .. simple[12..], .. RiffChunk("EXIF", exif)];
        return [.. RiffChunk("RIFF", [.. "WEBP"u8, .. chunks])];
    }

    /// <summary>A picture of random colours; blocks of equal pixels let JPEG keep them apart.</summary>
    public static RgbImage Noise(Random random, int width, int height)
    {
        var pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static byte[] Int24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];

    private static byte[] RiffChunk(string type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        return [.. type.Select(letter => (byte)letter), .. length, .. data, .. new byte[data.Length & 1]];
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int width, int height, int format, int subsampling, byte[]? exif)
    {
        var encoder = tjInitCompress();
        var buffer = nint.Zero;
        var size = nuint.Zero;
        var status = tjCompress2(encoder, pixels, width, 0, height, format, ref buffer, ref size, subsampling, 100, 0);
        if (status != 0) throw new InvalidOperationException("The test's JPEG could not be written.");
        var file = new byte[size];
        Marshal.Copy(buffer, file, 0, file.Length);
        tjFree(buffer);
        _ = tjDestroy(encoder);
        return exif is null ? file : [.. file[..2], .. App1([.. "Exif\0\0"u8, .. exif]), .. file[2..]];
    }

    private static byte[] App1(byte[] data) => [0xFF, 0xE1, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }

        return ~crc;
    }

    [LibraryImport("libturbojpeg.so.0")]
    private static partial nint tjInitCompress();

    [LibraryImport("libturbojpeg.so.0")]
    private static partial int tjDestroy(nint encoder);

    [LibraryImport("libturbojpeg.so.0")]
    private static partial void tjFree(nint buffer);

    [LibraryImport("libturbojpeg.so.0")]
    private static partial int tjCompress2(
        nint encoder, ReadOnlySpan<byte> pixels, int width, int pitch, int height, int format, ref nint buffer, ref nuint size,
        int subsampling, int quality, int flags);

    [LibraryImport("libwebp.so.7")]
    private static partial nuint WebPEncodeLosslessRGB(ReadOnlySpan<byte> pixels, int width, int height, int stride, out nint output);

    [LibraryImport("libwebp.so.7")]
    private static partial void WebPFree(nint output);
}
