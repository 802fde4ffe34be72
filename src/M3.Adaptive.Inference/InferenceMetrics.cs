using System.Diagnostics;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Inference;

/// <summary>What the engine does and holds: queue, batches, tokens by kind, caches, times. Tags take values of the ladder and of small fixed sets only.</summary>
public sealed class InferenceMetrics
{
    public const string Name = "M3.Adaptive.Inference";

    private readonly Meter _meter;
    private readonly Counter<long> _positions, _pictures, _starts;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _step, _firstToken, _perToken, _stages;

    public InferenceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _positions = _meter.CreateCounter<long>("m3.engine.tokens", "{token}", "Positions computed, by kind: decode or prefill.");
        _pictures = _meter.CreateCounter<long>("m3.engine.pictures", "{picture}", "Pictures asked for, by where they came from: cache, another call's encoding, or encoding.");
        _starts = _meter.CreateCounter<long>("m3.engine.prompts", "{prompt}", "Prompts begun, by scale and by whether the picture's keys and values were there.");
        _batch = _meter.CreateHistogram<int>("m3.engine.batch", "{answer}", "Answers given a token in one pass.");
        _step = _meter.CreateHistogram<double>("m3.engine.step", "s", "Time of a step.");
        _firstToken = _meter.CreateHistogram<double>("m3.engine.time_to_first_token", "s", "Admission to first token, by scale.");
        _perToken = _meter.CreateHistogram<double>("m3.engine.time_per_token", "s", "Time between tokens of an answer, by scale.");
        _stages = _meter.CreateHistogram<double>("m3.engine.stage", "s", "Time of a stage: decode_picture, encode, queue (admission to the first work), prefill, decode (first token to last).");
    }

    internal static ActivitySource Spans { get; } = new(Name);

    /// <summary>Reports what an engine holds, whenever somebody asks.</summary>
    internal void Watch(Func<int> waiting, Func<int> running, Func<long> kvBytes, Func<long> pictureKvBytes)
    {
        _meter.CreateObservableGauge("m3.engine.waiting", waiting, "{call}", "Calls that have not begun.");
        _meter.CreateObservableGauge("m3.engine.running", running, "{answer}", "Answers that are given a token each step.");
        _meter.CreateObservableGauge("m3.engine.kv_bytes", kvBytes, "By", "Keys and values of running answers.");
        _meter.CreateObservableGauge("m3.engine.picture_kv_bytes", pictureKvBytes, "By", "Keys and values of pictures, kept for further questions.");
    }

    internal void Decoded(int answers)
    {
        _positions.Add(answers, new KeyValuePair<string, object?>("kind", "decode"));
        _batch.Record(answers);
    }

    internal void Prefilled(int positions) => _positions.Add(positions, new KeyValuePair<string, object?>("kind", "prefill"));

    internal void Took(string stage, TimeSpan time) => _stages.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    internal void Stepped(double seconds) => _step.Record(seconds);

    /// <param name="source">cache, joined or encoded.</param>
    internal void PictureAsked(string source) => _pictures.Add(1, new KeyValuePair<string, object?>("source", source));

    internal void PromptBegun(VisualScale scale, bool reused) =>
        _starts.Add(1, new("scale", scale.Tokens), new("picture", reused ? "reused" : "computed"));

    internal void FirstToken(VisualScale scale, TimeSpan time) => _firstToken.Record(time.TotalSeconds, new KeyValuePair<string, object?>("scale", scale.Tokens));

    internal void NextToken(VisualScale scale, TimeSpan time) => _perToken.Record(time.TotalSeconds, new KeyValuePair<string, object?>("scale", scale.Tokens));
}
