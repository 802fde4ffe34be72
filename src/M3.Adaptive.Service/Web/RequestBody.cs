using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Web;

/// <summary>Whole bodies of requests. What arrives of them counts as held from its first byte on.</summary>
internal static class RequestBody
{
    // Many clients look for an answer only once they have sent all: what is too large is read to its end and dropped, up to so many times what may be.
    private const int Dropped = 4;

    /// <param name="maxBytes">Bytes that it may have.</param>
    /// <exception cref="BadHttpRequestException">It is larger than allowed, or ends too soon.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, long maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Dropped * maxBytes;
        var body = context.Request.BodyReader;
        var isTooLarge = context.Request.ContentLength > maxBytes;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            isTooLarge |= read.Buffer.Length > maxBytes;
            if (read.IsCompleted && !isTooLarge)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(isTooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) throw new BadHttpRequestException("The request is too large.", StatusCodes.Status413PayloadTooLarge);
        }
    }
}
