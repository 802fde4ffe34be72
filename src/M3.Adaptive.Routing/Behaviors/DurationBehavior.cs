using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using MediatR;

namespace M3.Adaptive.Routing.Behaviors;

/// <summary>Times every request for an answer, whatever ends it.</summary>
internal sealed class DurationBehavior(ServerMetrics metrics, IGenerator generator, TimeProvider clock) : IPipelineBehavior<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        var start = clock.GetTimestamp();
        string? error = null;
        try
        {
            return await next();
        }
        catch (Exception exception)
        {
            var cause = exception is RouteInterruptedException interrupted ? interrupted.Cause : exception;
            error = cause is OperationCanceledException ? "cancelled" : cause.GetType().Name;
            throw;
        }
        finally
        {
            metrics.Ended(clock.GetElapsedTime(start), generator.Model.Version, error);
        }
    }
}
