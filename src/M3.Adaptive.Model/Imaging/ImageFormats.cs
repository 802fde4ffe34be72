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

    /// <summary>Why bytes of no known format are refused.</summary>
    public static string Refusal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return $"The picture is empty (0 bytes): {Remedy}.";
        if (ForeignFormat(bytes) is { } format) return $"The picture's format, {format}, is not supported: {Remedy}.";
        return $"The bytes are not an image (they begin with {Beginning(bytes)}): {Remedy}.";
    }

    public static string Name(ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();

    private static string? ForeignFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("GIF8"u8)) return "GIF";
        if (bytes.StartsWith("BM"u8)) return "BMP";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) return "TIFF";
        if (At(bytes, 4, "ftypavif"u8)) return "AVIF";
        if (At(bytes, 4, "ftyphei"u8) || At(bytes, 4, "ftypmif1"u8)) return "HEIF";
        if (bytes.StartsWith("%PDF"u8)) return "PDF";
        if (bytes.StartsWith("<svg"u8) || bytes.StartsWith("<?xml"u8)) return "SVG or XML";
        return null;
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
