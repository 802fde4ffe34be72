namespace Grpc.Core.Wire;

/// <summary>The statuses that wrong messages end a call with. None carries text from an exception.</summary>
internal static class MessageFaults
{
    public static RpcException TooLarge(int limit) =>
        new(new Status(StatusCode.ResourceExhausted, $"A received message is larger than the limit of {limit} bytes."));

    public static RpcException TooLargeToSend(int limit) =>
        new(new Status(StatusCode.ResourceExhausted, $"A message to send is larger than the limit of {limit} bytes."));

    public static RpcException BadCompression(string encoding) => Internal($"A received message is not whole {encoding} data.");

    public static RpcException BadFlag(byte flag) => Internal($"A message starts with {flag}; its compression flag must be 0 or 1.");

    public static RpcException NoEncoding() => Internal("A message is flagged as compressed but grpc-encoding names no compression.");

    public static RpcException UnknownEncoding(string encoding) =>
        new(new Status(StatusCode.Unimplemented, $"grpc-encoding '{encoding}' is not supported; supported are {Compression.Supported}."));

    public static RpcException Truncated() => Internal("The stream ended inside a message.");

    public static RpcException Missing() => Internal("The stream ended without the one message expected.");

    public static RpcException Surplus() => Internal("A second message came where one was expected.");

    public static RpcException Undecodable() => Internal("A received message could not be parsed.");

    private static RpcException Internal(string detail) => new(new Status(StatusCode.Internal, detail));
}
