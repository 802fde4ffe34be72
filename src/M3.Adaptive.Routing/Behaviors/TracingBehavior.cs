using System.Diagnostics;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using MediatR;

namespace M3.Adaptive.Routing.Behaviors;

/// <summary>Opens one span around each request. A failure sets its status to error; cancelling does not.</summary>
internal sealed class TracingBehavior<TRequest, TReply> : IPipelineBehavior<TRequest, TReply>
{
    public async Task<TReply> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TReply> next)
    {
        using var span = RoutingMetrics.Spans.StartActivity(typeof(TRequest).Name);
        try
        {
            return await next();
        }
        catch (Exception exception) when (Mark(span, exception))
        {
            throw;
        }
    }

    private static bool Mark(Activity? span, Exception exception)
    {
        var cause = exception is RouteInterruptedException interrupted ? interrupted.Cause : exception;
        if (cause is not OperationCanceledException) span?.SetStatus(ActivityStatusCode.Error, cause.GetType().Name);
        return false;                                                         // a filter only looks; the exception goes on
    }
}
