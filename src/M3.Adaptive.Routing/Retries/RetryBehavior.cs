using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Routing.Retries;

/// <summary>Answers a retry with the reply that its request id already has; a request without an id always runs.
/// A streamed retry gets the remembered text at once.</summary>
internal sealed class RetryBehavior(ReplyMemory memory) : IPipelineBehavior<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        if (request.RequestId is not { } id) return await next();
        var reply = await memory.OnceAsync(request.Caller.Tenant, id, RequestFingerprint.Of(request), () => next(), cancellationToken);
        if (reply is { Replayed: true, Text.Length: > 0 } && request.Sink is { } sink) await sink.WriteAsync(reply.Text, cancellationToken);
        return reply;
    }
}
