using System.Buffers.Binary;
using System.Text;

namespace M3.Adaptive.Model.Imaging;

internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
}

/// <summary>Tells file formats by their first bytes; names and content types are not asked.</summary>
internal static class ImageFormats
{
    private const string Remedy = "send a JPEG, PNG or WebP file";

    public static ImageFormat Recognise(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return ImageFormat.Jpeg;
        if (!bytes.IsEmpty && bytes[0] == 0x89 && At(bytes, 1, "PNG\r\n\u001a\n"u8)) return ImageFormat.Png;
        if (bytes.StartsWith("RIFF"u8) && At(bytes, 8, "WEBP"u8)) return ImageFormat.WebP;
        return ImageFormat.Unknown;
    }

    public static string Name(ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();

    /// <summary>Why bytes of no known format are refused.</summary>
    public static string Refusal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return $"The picture is empty (0 bytes): {Remedy}.";
        if (IsBase64(bytes)) return "The bytes are not an image but base64 text: decode it first, and send the bytes that it stands for.";
        if (ForeignFormat(bytes) is { } format) return $"The picture's format, {format}, is not supported: {Remedy}.";
        return $"The bytes are not an image (they begin with {Beginning(bytes)}): {Remedy}.";
    }

    // A data URL, or what the first bytes of JPEG, PNG and WebP become.
    private static bool IsBase64(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("data:image/"u8) || bytes.StartsWith("/9j/"u8) || bytes.StartsWith("iVBORw0KGgo"u8) || bytes.StartsWith("UklGR"u8);

    private static string? ForeignFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("GIF8"u8)) return "GIF";
        if (bytes.StartsWith("BM"u8)) return "BMP";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) return "TIFF";
        if (bytes.StartsWith("\0\0\u0001\0"u8)) return "ICO";
        if (bytes.StartsWith("\0\0\0\u000cJXL "u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A])) return "JPEG XL";
        if (bytes.StartsWith("\0\0\0\u000cjP  "u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51])) return "JPEG 2000";
        if (At(bytes, 4, "ftyp"u8)) return OfBrands(bytes);
        if (bytes.StartsWith("%PDF"u8)) return "PDF";
        var text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (text.StartsWith("<svg"u8) || text.StartsWith("<?xml"u8) || text.StartsWith("<!DOCTYPE svg"u8)) return "SVG or XML";
        return null;
    }

    // The first box of an ISO media file: length, "ftyp", main brand, version, then all brands that the file is compatible with.
    private static string? OfBrands(ReadOnlySpan<byte> bytes)
    {
        var box = bytes[..(int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.Length)];
        string? format = null;
        for (var at = 8; at + 4 <= box.Length; at += 4)
        {
            var brand = box.Slice(at, 4);
            if (brand.StartsWith("avi"u8)) return "AVIF";                        // avif, avis
            if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8)) format = "HEIF";
        }

        return format;
    }

    private static bool At(ReadOnlySpan<byte> bytes, int offset, ReadOnlySpan<byte> magic) =>
        bytes.Length >= offset && bytes[offset..].StartsWith(magic);

    private static string Beginning(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(8, bytes.Length)];
        foreach (var b in start)
        {
            if (b is < 0x20 or > 0x7E) return Convert.ToHexString(start);
        }

        return $"the text \"{Encoding.ASCII.GetString(start)}\"";
    }
}
