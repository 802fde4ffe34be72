using System.Diagnostics.Metrics;
using M3.Adaptive.Predictor.Drift;

namespace M3.Adaptive.Service.Drift;

/// <summary>Looks every minute how far traffic has moved, says so in the log when an alarm begins or ends, and as metrics.</summary>
internal sealed class DriftAlarms(DriftWatch watch, IMeterFactory meters, TimeProvider clock, ILogger<DriftAlarms> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _alarmed = [];
    private DriftReport? _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var meter = meters.Create("M3.Adaptive.Service");
        meter.CreateObservableGauge("m3.drift.distance", () => Measured(measure => measure.Value), unit: null, "How far the latest requests are from what the predictor was made for.");
        meter.CreateObservableGauge("m3.drift.alarm", () => Measured(measure => measure.IsAlarm ? 1 : 0), unit: null, "1 where a distance is above its limit.");
        using var timer = new PeriodicTimer(BetweenLooks, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Tell(watch.Look());
    }

    internal void Tell(DriftReport? report)
    {
        Volatile.Write(ref _latest, report);
        foreach (var measure in report?.Measures ?? [])
        {
            if (measure.IsAlarm && _alarmed.Add(measure.Name)) ServiceLog.DriftBegins(logger, measure.Name, measure.Value ?? 0, measure.Limit, report?.Requests ?? 0);
            if (!measure.IsAlarm && measure.Value is not null && _alarmed.Remove(measure.Name)) ServiceLog.DriftEnds(logger, measure.Name, measure.Value.Value, measure.Limit);
        }
    }

    private IEnumerable<Measurement<double>> Measured(Func<DriftMeasure, double?> of) =>
        from measure in Volatile.Read(ref _latest)?.Measures ?? []
        let value = of(measure)
        where value is not null
        select new Measurement<double>(value.Value, new KeyValuePair<string, object?>("measure", measure.Name));
}
