using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Grpc.AspNetCore.Tests;

/// <summary>Calls made by HTTP alone, so that a request may be as wrong as a test needs it.</summary>
internal static class RawCall
{
    /// <summary>What came back; <c>Status</c> is the grpc-status in trailers or headers.</summary>
    public sealed record Answer(HttpStatusCode HttpStatus, string? Status, string? Message, byte[] Body, HttpResponseHeaders Headers, bool TrailersOnly);

    /// <summary>One message with its five bytes before it.</summary>
    public static byte[] Frame(byte[]? message = null, byte flag = 0)
    {
        message ??= [];
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static Task<Answer> SendAsync(Uri server, string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(server, path, new ByteArrayContent(body), "application/grpc", headers);

    public static async Task<Answer> SendAsync(
        Uri server, string path, HttpContent body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (contentType is not null) body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request, CancellationToken.None);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var trailersOnly = response.Headers.Contains("grpc-status");
        var end = trailersOnly ? response.Headers : response.TrailingHeaders;
        return new Answer(response.StatusCode, One(end, "grpc-status"), One(end, "grpc-message"), bytes, response.Headers, trailersOnly);
    }

    private static string? One(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
