using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Routing.Retries;

/// <summary>Answers a retry with the reply that its request id already has; a request without an id always runs.</summary>
internal sealed class RetryBehavior(ReplyMemory memory) : IPipelineBehavior<GenerateQuery, GenerateReply>
{
    public Task<GenerateReply> Handle(
        GenerateQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next) => request.RequestId is { } id
        ? memory.OnceAsync(id, RequestFingerprint.Of(request), () => next(), cancellationToken)
        : next();
}
