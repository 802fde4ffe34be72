using System.Buffers;

namespace M3.Adaptive.Service.Web;

/// <summary>Whole bodies of requests. What arrives of them counts as held from its first byte on.</summary>
internal static class RequestBody
{
    /// <exception cref="BadHttpRequestException">It is larger than allowed, or ends too soon.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
