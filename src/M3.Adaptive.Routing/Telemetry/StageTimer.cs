using System.Diagnostics;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>A part of a request: a span of its name, and its time, until it is disposed of.</summary>
internal readonly struct StageTimer(RoutingMetrics metrics, string stage, TimeProvider clock) : IDisposable
{
    private readonly Activity? _span = RoutingMetrics.Spans.StartActivity(stage);
    private readonly long _start = clock.GetTimestamp();

    public void Dispose()
    {
        metrics.Took(stage, clock.GetElapsedTime(_start));
        _span?.Dispose();
    }
}
