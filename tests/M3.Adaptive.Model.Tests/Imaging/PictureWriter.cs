using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Model.Tests.Imaging;

/// <summary>Writes pictures of every kind that the decoder must read or refuse; PNG by hand, the others by SkiaSharp where it can.</summary>
internal static class PictureWriter
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

    /// <summary>A text chunk of hexadecimal EXIF, as ImageMagick writes it.</summary>
    public static byte[] RawProfile(byte[] exif, bool compressed)
    {
        var hexadecimal = string.Join('\n', Convert.ToHexStringLower([.. "Exif\0\0"u8, .. exif]).Chunk(72).Select(static line => new string(line)));
        var text = Encoding.ASCII.GetBytes($"\nexif\n{exif.Length + 6,8}\n{hexadecimal}\n");
        return compressed ? CompressedText("Raw profile type exif", text) : Chunk("tEXt", [.. "Raw profile type exif\0"u8, .. text]);
    }

    /// <summary>A zTXt chunk.</summary>
    public static byte[] CompressedText(string keyword, ReadOnlySpan<byte> text)
    {
        using var data = new MemoryStream();
        data.Write([.. Encoding.ASCII.GetBytes(keyword), 0, 0]);
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(text);
        return Chunk("zTXt", data.ToArray());
    }

    /// <summary>A baseline JPEG without chroma subsampling, quality 100.</summary>
    public static byte[] Jpeg(RgbImage image, byte[]? exif = null)
    {
        var file = Encode(image, static pixels =>
            pixels.Encode(new SKJpegEncoderOptions(100, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore)));
        return exif is null ? file : [.. file[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. exif]), .. file[2..]];
    }

    /// <summary>A JPEG of eight by eight pixels, all in the middle of their range.</summary>
    /// <param name="frame">Marker of the frame header: 0xC0 baseline, 0xC2 progressive.</param>
    /// <param name="components">1 grey, 3 colours, 4 inks.</param>
    /// <param name="scans">How often the same coefficients are sent.</param>
    public static byte[] PlainJpeg(byte frame, byte components, byte precision = 8, int scans = 1)
    {
        var ids = Enumerable.Range(1, components).Select(static id => (byte)id).ToArray();
        var lastCoefficient = (byte)(frame == 0xC2 ? 0 : 63);
        byte[] onlyZero = [1, .. new byte[15], 0];                  // a Huffman table whose one code, a single 0 bit, means 0
        byte[] scan =
        [
            .. Segment(0xDA, [components, .. ids.SelectMany(static id => new byte[] { id, 0 }), 0, lastCoefficient, 0]),
            0b0000_0000,                                            // two bits a component: no difference, end of block
        ];
        return
        [
            0xFF, 0xD8,
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(frame, [precision, 0, 8, 0, 8, components, .. ids.SelectMany(static id => new byte[] { id, 0x11, 0 })]),
            .. Segment(0xC4, [0x00, .. onlyZero, 0x10, .. onlyZero]),
            .. Enumerable.Repeat(scan, scans).SelectMany(static bytes => bytes),
            0xFF, 0xD9,
        ];
    }

    /// <summary>A lossless WebP; with EXIF in the extended container.</summary>
    public static byte[] WebP(RgbImage image, byte[]? exif = null)
    {
        var simple = Encode(image, static pixels => pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100)));
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

    private static unsafe byte[] Encode(RgbImage image, Func<SKPixmap, SKData?> encode)
    {
        var rgba = new byte[4 * image.Width * image.Height];
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            image.Pixels.Slice(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = 255;
        }

        fixed (byte* pixels = rgba)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)pixels);
            using var file = encode(pixmap) ?? throw new InvalidOperationException("The test's picture could not be written.");
            return file.ToArray();
        }
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

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
}
