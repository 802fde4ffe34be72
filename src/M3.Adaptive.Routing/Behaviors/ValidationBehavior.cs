using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using MediatR;

namespace M3.Adaptive.Routing.Behaviors;

/// <summary>Refuses a request before any work is done for it, naming every offending field at once.</summary>
internal sealed class ValidationBehavior<TRequest, TReply>(Func<TRequest, IReadOnlyList<FieldFault>> faultsOf) : IPipelineBehavior<TRequest, TReply>
{
    public Task<TReply> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TReply> next) =>
        faultsOf(request) is [_, ..] faults ? throw new InvalidRequestException(faults) : next();
}
