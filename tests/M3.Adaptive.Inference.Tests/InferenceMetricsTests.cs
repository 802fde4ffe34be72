using System.Diagnostics;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace M3.Adaptive.Inference.Tests;

public sealed class InferenceMetricsTests : IDisposable
{
    private readonly Meters _meters = new();
    private readonly M3Generator _generator;

    public InferenceMetricsTests() => _generator = new M3Generator(
        TinyModel.Load(), new() { Threads = 1 }, TimeProvider.System, NullLogger<M3Generator>.Instance, new InferenceMetrics(_meters));

    public void Dispose()
    {
        _generator.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task TwoQuestionsAboutAPicture_CountTokensCachesAndTimesByScale()
    {
        using var tokens = Collect<long>("m3.engine.tokens");
        using var pictures = Collect<long>("m3.engine.pictures");
        using var prompts = Collect<long>("m3.engine.prompts");
        using var first = Collect<double>("m3.engine.time_to_first_token");
        using var further = Collect<double>("m3.engine.time_per_token");
        using var batch = Collect<int>("m3.engine.batch");

        var (one, other) = (await Answer(), await Answer());

        var decoded = one + other - 2;
        await _generator.CheckIntegrityAsync(CancellationToken.None);             // the step that gave the last token has ended
        Assert.Equal(decoded, Sum(tokens, "kind", "decode"));
        Assert.True(Sum(tokens, "kind", "prefill") > 9);
        Assert.Equal((1, 1), (Sum(pictures, "source", "encoded"), Sum(pictures, "source", "cache")));
        Assert.Equal((1, 1), (Sum(prompts, "picture", "computed"), Sum(prompts, "picture", "reused")));
        Assert.Equal(2, first.GetMeasurementSnapshot().Count(static measured => measured.Tags["scale"] is 9));
        Assert.Equal(decoded, further.GetMeasurementSnapshot().Count);
        Assert.All(batch.GetMeasurementSnapshot(), static measured => Assert.Equal(1, measured.Value));
    }

    [Fact]
    public async Task Answer_OfANewPicture_TimesEveryStageOnce()
    {
        using var stages = Collect<double>("m3.engine.stage");

        await Answer();

        var times = stages.GetMeasurementSnapshot();
        Assert.Equal(["decode", "decode_picture", "encode", "prefill", "queue"], times.Select(static measured => (string?)measured.Tags["stage"]).Order(StringComparer.Ordinal));
        Assert.All(times, static measured => Assert.True(measured.Value >= 0));
    }

    [Fact]
    public async Task Answer_TracedCaller_HasPrefillAndDecodeBeneathItsSpan()
    {
        using var caller = new ActivitySource($"{nameof(InferenceMetricsTests)} caller");
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == caller.Name || source.Name == InferenceMetrics.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended) ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        ActivityTraceId trace;

        using (var span = caller.StartActivity("caller"))
        {
            trace = Assert.IsType<Activity>(span).TraceId;
            await Answer();
            Assert.Same(span, Activity.Current);
        }

        lock (ended) Assert.Equal(["prefill", "decode", "caller"], ended.Where(activity => activity.TraceId == trace).Select(static activity => activity.OperationName));
    }

    [Fact]
    public void Gauges_Idle_AreZero()
    {
        using var waiting = Collect<int>("m3.engine.waiting");
        using var held = Collect<long>("m3.engine.kv_bytes");

        waiting.RecordObservableInstruments();
        held.RecordObservableInstruments();

        Assert.Equal((0, 0), (waiting.LastMeasurement?.Value, held.LastMeasurement?.Value));
    }

    private MetricCollector<T> Collect<T>(string name) where T : struct => new(_meters, InferenceMetrics.Name, name);

    private static long Sum(MetricCollector<long> collector, string tag, string value) =>
        collector.GetMeasurementSnapshot().Where(measured => Equals(measured.Tags[tag], value)).Sum(static measured => measured.Value);

    private async Task<int> Answer()
    {
        using var image = await _generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        var count = 0;
        await foreach (var _ in _generator.GenerateAsync(new(image, "what?", VisualScale.Of(9), new() { MaxNewTokens = 5 }), CancellationToken.None)) count++;
        return count;
    }

    /// <summary>Meters of this test alone.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (var meter in _made) meter.Dispose();
        }
    }
}
