using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Finds the orientation in a PNG's EXIF metadata. Metadata that cannot be read is no fault of the picture: it counts as upright.
/// </summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int MaxTextBytes = 1 << 18;   // EXIF has at most 64 KiB, twice that in hexadecimal; the rest is line ends

    private static ReadOnlySpan<byte> Keyword => "Raw profile type exif\0"u8;

    /// <summary>Reads the tag from the first directory of a TIFF structure of either byte order.</summary>
    public static SKEncodedOrigin OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.StartsWith("Exif\0\0"u8)) tiff = tiff[6..];
        if (tiff.Length < 8) return SKEncodedOrigin.TopLeft;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return SKEncodedOrigin.TopLeft;
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2) return SKEncodedOrigin.TopLeft;
        var entries = tiff[(int)directory..];
        var count = Read16(entries, little);
        for (var i = 0; i < count && 2 + (12 * (i + 1)) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (12 * i), 12);
            if (Read16(entry, little) != OrientationTag) continue;
            var value = Read16(entry[2..], little) == ShortType ? Read16(entry[8..], little) : 0;
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;   // the codec's names have EXIF's numbers
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Reads a tEXt chunk as ImageMagick writes it; null when it is another text.</summary>
    public static SKEncodedOrigin? OfText(ReadOnlySpan<byte> chunk) => chunk.StartsWith(Keyword) ? OfProfile(chunk[Keyword.Length..]) : null;

    /// <summary>Reads a zTXt chunk as ImageMagick writes it; null when it is another text, which is not decompressed.</summary>
    public static SKEncodedOrigin? OfCompressedText(ReadOnlySpan<byte> chunk)
    {
        if (!chunk.StartsWith(Keyword)) return null;
        using var compressed = new MemoryStream(chunk[Keyword.Length..].ToArray());
        if (compressed.ReadByte() != 0) return SKEncodedOrigin.TopLeft;                         // 0 is the one method that PNG has
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        var text = new byte[MaxTextBytes];
        try
        {
            return OfProfile(text.AsSpan(0, inflate.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)));
        }
        catch (InvalidDataException)
        {
            return SKEncodedOrigin.TopLeft;
        }
    }

    // A line end, the profile's name, its length, then the EXIF structure in hexadecimal, in lines.
    private static SKEncodedOrigin OfProfile(ReadOnlySpan<byte> text)
    {
        for (var line = 0; line < 3; line++) text = text[(text.IndexOf((byte)'\n') + 1)..];
        var digits = new byte[text.Length];
        var count = 0;
        foreach (var letter in text)
        {
            if (letter != '\n') digits[count++] = letter;
        }

        var exif = new byte[count / 2];
        // What stands before a character that is no digit has been converted, and may hold the tag.
        _ = Convert.FromHexString(digits.AsSpan(0, count), exif, out _, out var written);
        return OfTiff(exif.AsSpan(0, written));
    }

    private static int Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
