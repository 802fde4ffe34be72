using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>Pictures within a request: <c>data:image/png;base64,...</c>.</summary>
internal static class DataUri
{
    private const string Expected = "expected a picture within the request, as data:image/png;base64,...";

    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    private static ReadOnlySpan<byte> Encoding => ";base64"u8;

    /// <param name="text">A JSON text. It is read as it lies, as a picture may be most of the request.</param>
    /// <returns>What is wrong with it; null when <paramref name="bytes"/> has the picture.</returns>
    public static string? Decode(JsonElement text, out byte[] bytes)
    {
        bytes = [];
        var written = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        var uri = written.Contains((byte)'\\') ? System.Text.Encoding.UTF8.GetBytes(text.GetString() ?? "") : written;
        if (!Ascii.EqualsIgnoreCase(uri[..Math.Min(Scheme.Length, uri.Length)], Scheme))
            return $"is no data URI; {Expected}. Other URLs are not fetched: this server fetches nothing";
        var comma = uri.IndexOf((byte)',');
        if (comma < 0 || !Ascii.EqualsIgnoreCase(uri[Math.Max(0, comma - Encoding.Length)..comma], Encoding)) return $"is not encoded by base64; {Expected}";
        var payload = uri[(comma + 1)..];
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(payload.Length)];
        if (Base64.DecodeFromUtf8(payload, decoded, out _, out var length) != OperationStatus.Done) return $"holds broken base64; {Expected}";
        bytes = length == decoded.Length ? decoded : decoded[..length];
        return bytes.Length == 0 ? $"holds no bytes; {Expected}" : null;
    }
}
