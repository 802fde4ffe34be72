using System.Buffers.Binary;
using System.Net;
using Grpc.Core;

namespace M3.Adaptive.Service.Tests.Endpoint;

/// <summary>Calls made by HTTP alone, so that a request may be as wrong as a test needs it.</summary>
internal static class RawCall
{
    /// <summary>One message with the five bytes before it: its flag (1 is compressed) and its length.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message, byte flag = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public static Task<RawAnswer> SendAsync(Uri server, string path, HttpContent body, params (string Name, string Value)[] headers) =>
        SendAsync(server, path, body, CancellationToken.None, headers);

    public static async Task<RawAnswer> SendAsync(
        Uri server, string path, HttpContent body, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        body.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, cancellation);
        await response.Content.LoadIntoBufferAsync(cancellation);
        var end = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return new RawAnswer(end.ToDictionary(entry => entry.Key, entry => Assert.Single(entry.Value)));
    }
}

/// <summary>What a call ended with.</summary>
/// <param name="Trailers">From after the messages, or from the headers where there was no message.</param>
internal sealed record RawAnswer(IReadOnlyDictionary<string, string> Trailers)
{
    /// <summary>What a program can act on.</summary>
    public Google.Rpc.Status Details => Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(Padded(Trailers["grpc-status-details-bin"])));

    public StatusCode Status => (StatusCode)int.Parse(Trailers["grpc-status"]);

    // Binary trailers come without padding.
    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}
