namespace Grpc.Core.Wire;

/// <summary>Turns HTTP header lines into metadata entries.</summary>
internal static class MetadataCodec
{
    /// <summary>Whether a received header belongs to HTTP or to the protocol rather than to the application.</summary>
    /// <param name="name">The name, in lower case.</param>
    public static bool IsReserved(string name) => name.Length == 0 || name[0] == ':' || name is
        "grpc-timeout" or "grpc-encoding" or "grpc-accept-encoding" or "content-type" or "te" or "host" or "content-length";

    /// <summary>Whether a handler's or caller's entry must not be sent: the runtime writes the protocol's own headers.</summary>
    public static bool IsWithheld(string key) =>
        (key.StartsWith("grpc-", StringComparison.Ordinal) && key != "grpc-status-details-bin") || key is "content-type" or "te" or "host" or "content-length";

    /// <summary>Appends one header line; a binary one may hold several values between commas.</summary>
    /// <exception cref="RpcException">INTERNAL: a binary value is not base64.</exception>
    public static void Add(Metadata metadata, string name, string value)
    {
        var key = name.ToLowerInvariant(); // Kestrel gives known names in their canonical case
        if (IsReserved(key)) return;
        if (!MetadataRules.IsBinary(key))
        {
            metadata.Add(Metadata.Entry.Received(key, value));
            return;
        }

        foreach (var range in value.AsSpan().Split(','))
        {
            if (!BinaryHeader.TryDecode(value.AsSpan(range).Trim(' '), out var bytes))
                throw new RpcException(new Status(StatusCode.Internal, $"The value of header '{key}' is not base64."));
            metadata.Add(Metadata.Entry.Received(key, bytes));
        }
    }

    /// <summary>The text by which an entry is sent.</summary>
    public static string Encode(Metadata.Entry entry) => entry.IsBinary ? BinaryHeader.Encode(entry.RawBytes) : entry.Value;
}
