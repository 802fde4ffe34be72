using System.Buffers;
using System.Buffers.Binary;
using SkiaSharp;

namespace M3.Adaptive.Model.Imaging;

/// <summary>What a file says about its picture and <see cref="SKCodec"/> does not tell. Lengths in the file are not trusted.</summary>
internal readonly record struct ImageHeader
{
    /// <summary>False when a PNG ends before its end mark, which the codec does not look for.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Names a kind of picture that the codec cannot decode, or would decode to other colours than are meant.</summary>
    public string? UnsupportedKind { get; init; }

    /// <summary>Frames of an animated PNG; 0 when the file announces none. The codec counts those of WebP.</summary>
    public long Frames { get; init; }

    /// <summary>Orientation of a PNG. The codec finds that of JPEG and WebP.</summary>
    public SKEncodedOrigin? Orientation { get; init; }

    /// <summary>
    /// A PNG without the chunks that its pixels do not need. The codec would inflate texts and profiles, and its time for one grows with the
    /// square of its length: 33 seconds for a text of 10 MB.
    /// </summary>
    public ReadOnlyMemory<byte>? PixelsOnly { get; init; }

    /// <summary>Reads a file of a known format.</summary>
    public static ImageHeader Read(ImageFormat format, ReadOnlySpan<byte> file) => format switch
    {
        ImageFormat.Jpeg => new() { IsComplete = true, UnsupportedKind = UnsupportedJpeg(file) },
        ImageFormat.Png => ReadPng(file),
        _ => new() { IsComplete = true },
    };

    private static string? UnsupportedJpeg(ReadOnlySpan<byte> file)
    {
        var rest = file[2..];
        while (rest.Length >= 4)
        {
            var marker = rest[1];
            if (rest[0] != 0xFF || marker is 0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8))
            {
                rest = rest[1..];                                   // stray bytes, fill bytes and markers without a length
                continue;
            }

            if (marker is 0xD9 or 0xDA) break;                      // end of image, start of scan
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) return UnsupportedFrame(marker, rest[4..]);
            rest = rest[Math.Min(rest.Length, 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        }

        return null;
    }

    // A frame header is one byte of precision, two of height, two of width, and one for the number of components.
    private static string? UnsupportedFrame(byte marker, ReadOnlySpan<byte> frame) => marker switch
    {
        0xC3 or 0xC7 or 0xCB or 0xCF => "a lossless JPEG",
        0xC5 or 0xC6 or 0xCD or 0xCE => "a hierarchical JPEG",
        _ when frame.Length < 6 => null,                            // cut short: the codec refuses it
        _ when frame[0] != 8 => $"a JPEG with {frame[0]}-bit samples",
        _ when frame[5] == 4 => "a CMYK JPEG",
        _ => null,
    };

    private static ImageHeader ReadPng(ReadOnlySpan<byte> file)
    {
        var pixelsOnly = new ArrayBufferWriter<byte>(file.Length);
        var header = new ImageHeader { IsComplete = false };
        SKEncodedOrigin? exif = null, text = null;
        pixelsOnly.Write(file[..8]);                                // the signature
        var rest = file[8..];
        while (!header.IsComplete && rest.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 8) break;
            var type = rest.Slice(4, 4);
            var data = rest.Slice(8, (int)length);
            var chunk = rest[..(8 + data.Length + Math.Min(4, rest.Length - 8 - data.Length))]; // with its checksum
            if (IsForPixels(type, data)) pixelsOnly.Write(chunk);
            else if (type.SequenceEqual("acTL"u8) && length >= 4) header = header with { Frames = BinaryPrimitives.ReadUInt32BigEndian(data) };
            else if (type.SequenceEqual("eXIf"u8)) exif = ExifOrientation.OfTiff(data);
            else if (type.SequenceEqual("tEXt"u8)) text ??= ExifOrientation.OfText(data);
            else if (type.SequenceEqual("zTXt"u8)) text ??= ExifOrientation.OfCompressedText(data);
            else if (type.SequenceEqual("CgBI"u8)) header = header with { UnsupportedKind = "a PNG in Apple's own variant (CgBI)" };
            else if ((type[0] & 0x20) == 0) header = header with { UnsupportedKind = "a PNG with a critical chunk that is not of the standard" };
            header = header with { IsComplete = type.SequenceEqual("IEND"u8) };
            rest = rest[chunk.Length..];
        }

        return header with { PixelsOnly = pixelsOnly.WrittenMemory, Orientation = exif ?? text ?? SKEncodedOrigin.TopLeft };
    }

    // Only the picture's data may be long: a palette has 256 colours at most.
    private static bool IsForPixels(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) =>
        type.SequenceEqual("IDAT"u8) || (data.Length <= 3 * 256
            && (type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("IEND"u8)));
}
