using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Routing.Behaviors;

/// <summary>Refuses a request before any work is done for it, naming every offending field at once.</summary>
internal sealed class ValidationBehavior<TRequest, TReply> : IPipelineBehavior<TRequest, TReply>
{
    public Task<TReply> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TReply> next)
    {
        var faults = request switch
        {
            GenerateQuery generate => RequestFaults.Of(generate),
            RouteQuery route => RequestFaults.Of(route),
            _ => [],
        };
        return faults is [] ? next() : throw new InvalidRequestException(faults);
    }
}
