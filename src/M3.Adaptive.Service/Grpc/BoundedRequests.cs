using System.IO.Pipelines;
using M3.Adaptive.Service.Admission;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Counts what each call's request holds in memory, from its first byte until the call ends, and refuses what no longer fits.</summary>
internal sealed class BoundedRequests(RequestDelegate next, RequestMemory memory)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var share = memory.Enter();
        context.Features.Set(share);
        context.Features.Set<IRequestBodyPipeFeature>(new Body(new CountedBody(context.Request.BodyReader, share, CallFaults.Full)));
        await next(context);
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
