using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Telemetry;

public sealed class OutcomeMetricsTests : IDisposable
{
    private readonly RoutingBench _bench = new();
    private readonly MetricCollector<long> _outcomes;
    private readonly MetricCollector<double> _gaps;

    public OutcomeMetricsTests()
    {
        _ = _bench.Get<OutcomeMetrics>();
        _outcomes = new MetricCollector<long>(_bench.Meters, RoutingMetrics.Name, "m3.outcomes");
        _gaps = new MetricCollector<double>(_bench.Meters, RoutingMetrics.Name, "m3.predictor.calibration_gap");
    }

    public void Dispose()
    {
        _outcomes.Dispose();
        _gaps.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Judged_OutcomesOfOneScale_GapIsMeanConfidenceLessTheShareThatWasRight()
    {
        await SayAsync(Verdict.Right, confidence: 0.9f);
        await SayAsync(Verdict.Wrong, confidence: 0.7f);

        Assert.Equal(0.3, Gap(36), 1e-6);
        Assert.Equal([1, 1], _outcomes.GetMeasurementSnapshot().Select(said => said.Value));
    }

    [Fact]
    public async Task Judged_OtherScale_HasItsOwnGap()
    {
        await SayAsync(Verdict.Right, confidence: 0.9f);
        await SayAsync(Verdict.Right, confidence: 0.4f, scale: 576);

        Assert.Equal((-0.1, -0.6), (Math.Round(Gap(36), 6), Math.Round(Gap(576), 6)));
    }

    [Fact]
    public async Task Judged_ChangeOfMind_TakesTheFirstBack()
    {
        await SayAsync(Verdict.Right, confidence: 0.75f);
        await SayAsync(Verdict.Wrong, confidence: 0.75f, before: Verdict.Right);
        await SayAsync(Verdict.Wrong, confidence: 0.75f, before: Verdict.Wrong);

        Assert.Equal(0.75, Gap(36), 1e-6);
        Assert.Equal([1, -1, 1], _outcomes.GetMeasurementSnapshot().Select(said => said.Value));
    }

    [Fact]
    public async Task Judged_NothingToCompare_HasNoGap()
    {
        await SayAsync(Verdict.Unknown, confidence: 0.75f);
        await SayAsync(Verdict.Right, confidence: null);

        _gaps.RecordObservableInstruments();

        Assert.Empty(_gaps.GetMeasurementSnapshot());
    }

    private async Task SayAsync(Verdict verdict, float? confidence, int scale = 36, Verdict? before = null)
    {
        _bench.Outcomes.OnRecord = _ => new JudgedDecision(new StepRecord(scale, "Value", 0.5f, confidence, default), before);
        await _bench.SendAsync(new OutcomeCommand("default", "me", $"{Guid.CreateVersion7()}", verdict, Reference: null));
    }

    private double Gap(int scale)
    {
        _gaps.RecordObservableInstruments();
        return _gaps.GetMeasurementSnapshot().Last(measured => Equals(measured.Tags["scale"], scale)).Value;
    }
}
