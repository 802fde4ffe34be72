using System.Buffers.Binary;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Finds the EXIF orientation of a picture: 1 (upright) to 8. Metadata that cannot be read is no fault of the picture: it
/// counts as upright.
/// </summary>
internal static class Exif
{
    private const int Upright = 1;
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;

    public static int OfJpeg(ReadOnlySpan<byte> file)
    {
        var rest = file[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            var marker = rest[1];
            if (marker == 0xFF)                 // fill byte
            {
                rest = rest[1..];
                continue;
            }

            if (marker is 0xD9 or 0xDA) break;  // end of image, start of scan
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                rest = rest[2..];               // markers without a length
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2 || length + 2 > rest.Length) break;
            var data = rest.Slice(4, length - 2);
            if (marker == 0xE1 && data.StartsWith("Exif\0\0"u8)) return OfTiff(data[6..]);
            rest = rest[(length + 2)..];
        }

        return Upright;
    }

    public static int OfPng(ReadOnlySpan<byte> file) => OfTiff(PngChunks.Find(file, "eXIf"u8));

    public static int OfWebP(ReadOnlySpan<byte> file)
    {
        var rest = file[12..];
        while (rest.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8) break;
            var data = rest.Slice(8, (int)length);
            if (rest.StartsWith("EXIF"u8)) return OfTiff(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            rest = rest[Math.Min(rest.Length, 8 + data.Length + (data.Length & 1))..];
        }

        return Upright;
    }

    /// <summary>Reads the tag from the first directory of a TIFF structure of either byte order.</summary>
    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return Upright;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return Upright;
        var directory = Read32(tiff[4..], little);
        if (directory > tiff.Length - 2) return Upright;
        var entries = tiff[(int)directory..];
        var count = Read16(entries, little);
        for (var i = 0; i < count && 2 + (12 * (i + 1)) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (12 * i), 12);
            if (Read16(entry, little) != OrientationTag) continue;
            var value = Read16(entry[2..], little) == ShortType ? Read16(entry[8..], little) : Upright;
            return value is >= 1 and <= 8 ? value : Upright;
        }

        return Upright;
    }

    private static int Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static long Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
