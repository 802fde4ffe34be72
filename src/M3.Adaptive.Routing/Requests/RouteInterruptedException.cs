using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Requests;

/// <summary>What a request had done when it failed.</summary>
/// <param name="Decision">The choice of the first scale.</param>
/// <param name="Path">Every scale that had answered, or begun to send its answer.</param>
/// <param name="Charged">Of all that ran, what was broken off included.</param>
public sealed record RouteSoFar(ScaleDecision Decision, IReadOnlyList<PathStep> Path, Cost Charged);

/// <summary>A request failed after its first scale had been chosen, for the reason that the inner exception gives.</summary>
public sealed class RouteInterruptedException(RouteSoFar route, Exception cause) : Exception(cause.Message, cause)
{
    public RouteSoFar Route { get; } = route;

    public Exception Cause { get; } = cause;
}
