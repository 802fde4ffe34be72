namespace Grpc.Core.Wire;

/// <summary>Values of keys ending in <c>-bin</c>: base64, with or without padding.</summary>
internal static class BinaryHeader
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    /// <summary>Reads one value; false for what is not base64.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        var digits = text.TrimEnd('=');
        var padding = text.Length - digits.Length;
        if (padding > 2 || digits.Length % 4 == 1 || (padding > 0 && text.Length % 4 != 0)) return false;
        if (digits.IsEmpty) return padding == 0;

        Span<char> padded = text.Length + 2 <= 512 ? stackalloc char[text.Length + 2] : new char[text.Length + 2];
        digits.CopyTo(padded);
        var length = (digits.Length + 3) / 4 * 4;
        padded[digits.Length..length].Fill('=');
        var decoded = new byte[digits.Length * 3 / 4];
        // The framework skips white space, which would leave fewer bytes than the digits promise.
        if (!Convert.TryFromBase64Chars(padded[..length], decoded, out var written) || written != decoded.Length) return false;
        bytes = decoded;
        return true;
    }
}
