using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads how a call ended off its HTTP response, or off the failure to get one.</summary>
internal static class ResponseStatus
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    /// <summary>The status in headers or trailers; false if there is none.</summary>
    public static bool TryRead(HttpHeaders headers, out Status status)
    {
        status = default;
        if (!headers.NonValidated.TryGetValues(StatusHeader, out var values)) return false;
        var detail = headers.NonValidated.TryGetValues(MessageHeader, out var messages) ? PercentEncoding.Decode(messages.ToString()) : "";
        var code = int.TryParse(values.ToString(), out var number) && Enum.IsDefined((StatusCode)number) ? (StatusCode)number : StatusCode.Unknown;
        status = new Status(code, detail);
        return true;
    }

    /// <summary>The application's part of headers or trailers.</summary>
    /// <exception cref="RpcException">INTERNAL: a binary value is not base64.</exception>
    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
            if (!IsStatus(name))
                foreach (var value in values)
                    MetadataCodec.Add(metadata, name, value);
        return metadata;
    }

    /// <summary>What an answer without a gRPC status means.</summary>
    public static Status OfHttp(HttpStatusCode code) => new(
        code switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"The answer carries no gRPC status; its HTTP status is {(int)code}.");

    /// <summary>What a failure of the transport means.</summary>
    public static Status OfFailure(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol) return new Status(OfReset(protocol.ErrorCode), $"The HTTP/2 stream was reset: {protocol.Message}", exception);
            if (cause is RpcException rpc) return rpc.Status;
        }

        var code = exception is HttpRequestException or IOException ? StatusCode.Unavailable : StatusCode.Internal;
        return new Status(code, $"Error starting or reading the gRPC call. {exception.GetType().Name}: {exception.Message}", exception);
    }

    private static StatusCode OfReset(long http2ErrorCode) => http2ErrorCode switch
    {
        7 => StatusCode.Unavailable,        // REFUSED_STREAM
        8 => StatusCode.Cancelled,          // CANCEL
        11 => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => StatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    private static bool IsStatus(string name) =>
        name.Equals(StatusHeader, StringComparison.OrdinalIgnoreCase) || name.Equals(MessageHeader, StringComparison.OrdinalIgnoreCase);
}
