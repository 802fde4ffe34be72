using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>A streamed answer as server-sent events. Nothing is sent before its first text, so that a refusal can still be one of HTTP's.</summary>
internal sealed class EventStream(HttpResponse response, ChatReplies replies) : ITextSink
{
    private bool _hasBegun;

    public async ValueTask WriteAsync(string text, CancellationToken cancellation)
    {
        var role = _hasBegun ? null : "assistant";
        await SendAsync(replies.Delta(text, role), OpenAiJson.Default.ChatReply, cancellation);
    }

    public async Task EndAsync(GenerateReply reply, bool includesUsage, CancellationToken cancellation)
    {
        if (!_hasBegun) await WriteAsync("", cancellation);                        // an answer without text
        await SendAsync(replies.End(reply), OpenAiJson.Default.ChatReply, cancellation);
        if (includesUsage) await SendAsync(replies.Usage(reply), OpenAiJson.Default.ChatReply, cancellation);
        await SendAsync("[DONE]"u8.ToArray(), cancellation);
    }

    /// <summary>Tells within a stream that has begun why it ends here.</summary>
    public Task FailAsync(WebError error, CancellationToken cancellation) => SendAsync(error.Body, WebJson.Default.ErrorBody, cancellation);

    private Task SendAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellation) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, type), cancellation);

    private async Task SendAsync(byte[] data, CancellationToken cancellation)
    {
        if (!_hasBegun)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
            _hasBegun = true;
        }

        await response.BodyWriter.WriteAsync((byte[])[.. "data: "u8, .. data, .. "\n\n"u8], cancellation);
    }
}
