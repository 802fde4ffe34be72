using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Tells gRPC calls from other requests and answers what never becomes a call.</summary>
internal static class GrpcRequest
{
    public const string ContentType = "application/grpc";

    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    /// <summary>Whether a request is a call of that path; when not, the refusal is written to its response.</summary>
    public static bool TryAccept(HttpContext http, string path)
    {
        var (request, response) = (http.Request, http.Response);
        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
        {
            response.StatusCode = StatusCodes.Status426UpgradeRequired;
            response.Headers.Upgrade = "HTTP/2";
            response.Headers.Connection = HeaderNames.Upgrade;
            return false;
        }

        if (!IsGrpc(request.ContentType))
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            SetStatus(response.Headers, new Status(StatusCode.Internal, $"Content-Type '{request.ContentType}' is not {ContentType}."));
            return false;
        }

        response.ContentType = ContentType;
        // Routing ignores case and a trailing slash; a gRPC path is exact.
        if (string.Equals(request.Path.Value, path, StringComparison.Ordinal)) return true;
        SetStatus(response.Headers, new Status(StatusCode.Unimplemented, "Method is unimplemented."));
        return false;
    }

    /// <summary>Answers a call of a service or method that nobody mapped.</summary>
    public static Task RefuseUnknownAsync(HttpContext http)
    {
        http.Response.ContentType = ContentType;
        SetStatus(http.Response.Headers, new Status(StatusCode.Unimplemented, "Service or method is unimplemented."));
        return Task.CompletedTask;
    }

    public static void SetStatus(IHeaderDictionary headers, Status status)
    {
        headers.GrpcStatus = status.StatusCode == StatusCode.OK ? "0" : ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail)) headers.GrpcMessage = Core.Wire.PercentEncoding.Encode(status.Detail);
    }
}
