using System.Diagnostics.Metrics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>
/// What was said of answers, and how far the confidence in them lay from that: the mean confidence less the share that was right, by last scale, since
/// the start of the process. Above 0 the predictor trusts answers too much. Safe for concurrent use.
/// </summary>
public sealed class OutcomeMetrics
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Said> _said = [];                  // by visual tokens
    private readonly UpDownCounter<long> _outcomes;

    public OutcomeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RoutingMetrics.Name);
        _outcomes = meter.CreateUpDownCounter<long>("m3.outcomes", "{outcome}", "Answers said to be right or wrong, by last scale and verdict; who says otherwise later takes the first back.");
        meter.CreateObservableGauge(
            "m3.predictor.calibration_gap", Gaps, description: "Mean confidence in answers said to be right or wrong, less the share that was right, by last scale.");
    }

    internal void Judged(JudgedDecision decision, Verdict verdict)
    {
        if (decision.Last is not { } last || decision.Before == verdict) return;
        lock (_lock)
        {
            Count(last, decision.Before, -1);
            Count(last, verdict, 1);
        }
    }

    // An answer that nobody could judge beforehand has no confidence to compare with.
    private void Count(StepRecord last, Verdict? verdict, int change)
    {
        if (verdict is not (Verdict.Right or Verdict.Wrong)) return;
        _outcomes.Add(change, new("scale", last.VisualTokens), new("verdict", verdict.ToString()));
        if (last.Confidence is not { } confidence) return;
        var said = _said.GetValueOrDefault(last.VisualTokens);
        _said[last.VisualTokens] = new Said(said.Count + change, said.Right + (verdict == Verdict.Right ? change : 0), said.Confidence + (change * (double)confidence));
    }

    private Measurement<double>[] Gaps()
    {
        lock (_lock)
            return [.. _said.Where(static said => said.Value.Count > 0).Select(static said => new Measurement<double>(said.Value.Gap, new KeyValuePair<string, object?>("scale", said.Key)))];
    }

    private readonly record struct Said(long Count, long Right, double Confidence)
    {
        public double Gap => (Confidence - Right) / Count;
    }
}
