using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using MediatR;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Auditing;

/// <summary>Draws the answers that are audited, and knows whether any request runs.</summary>
internal sealed class AuditSampling(AuditQueue queue, IOptions<AuditOptions> options) : IPipelineBehavior<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        if (options.Value.Share == 0) return await next();
        using var busy = queue.Busy();
        var reply = await next();
        // A drawn answer need not be what the same question gets again.
        var isGreedy = request.Decoding.Temperature is null or 0;
        if (isGreedy && !reply.Replayed && queue.IsDrawn())
            queue.Offer(new PendingAudit(reply.Decision.Id, request.Caller.Tenant, reply.Image, request.Question, reply.Path[^1].Scale, request.Decoding.MaxNewTokens));
        return reply;
    }
}

/// <summary>An answer that waits to be audited. The picture is held by its hash alone: should its features leave the cache first, there is no audit.</summary>
/// <param name="MaxNewTokens">Null where the caller left it open.</param>
internal sealed record PendingAudit(Guid DecisionId, string Tenant, ImageHash Image, string Question, VisualScale Served, int? MaxNewTokens);
