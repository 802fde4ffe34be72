using System.Diagnostics;
using M3.Adaptive.Routing.Telemetry;
using MediatR;

namespace M3.Adaptive.Routing.Behaviors;

/// <summary>One span around each request; a failure marks it, cancelling does not.</summary>
internal sealed class TracingBehavior<TRequest, TReply> : IPipelineBehavior<TRequest, TReply>
{
    public async Task<TReply> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TReply> next)
    {
        using var span = RoutingMetrics.Spans.StartActivity(typeof(TRequest).Name);
        try
        {
            return await next();
        }
        catch (Exception fault) when (Mark(span, fault))
        {
            throw;
        }
    }

    private static bool Mark(Activity? span, Exception fault)
    {
        if (fault is not OperationCanceledException) span?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
        return false;                                                         // a filter only looks; the exception goes on
    }
}
