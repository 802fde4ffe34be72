using System.Buffers;

namespace Grpc.Core;

/// <summary>Which keys and values may cross the wire.</summary>
internal static class MetadataRules
{
    private static readonly SearchValues<char> KeyChars = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

    public static bool IsBinary(string key) => key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal);

    public static string NormalizeKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var lower = key.ToLowerInvariant();
        return lower.AsSpan().ContainsAnyExcept(KeyChars)
            ? throw new ArgumentException($"Metadata key '{key}' may hold only 0-9, a-z, '_', '-' and '.'.", nameof(key))
            : lower;
    }

    /// <summary>HTTP servers refuse other characters at the moment of sending, when the answer can no longer say why.</summary>
    public static void CheckText(string key, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"The value of metadata key '{key}' may hold only printable ASCII; use a key ending in '-bin' for more.", nameof(value));
    }
}
