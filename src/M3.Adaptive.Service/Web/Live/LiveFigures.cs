using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace M3.Adaptive.Service.Web.Live;

/// <summary>
/// What the service's meters say, kept for the dashboard: sums since the start, and the last minutes in slices of time. Reads the same instruments as Prometheus and OTLP,
/// of this process's meter factory alone. Safe for concurrent use.
/// </summary>
internal sealed class LiveFigures : IHostedService, IDisposable
{
    /// <summary>Length of a slice.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    /// <summary>How many slices are kept: ten minutes.</summary>
    public const int Slices = 120;

    private const string Answers = "m3.routing.answers", Runs = "m3.scale", Escalations = "m3.routing.escalations";
    private const string TokensSaved = "m3.tokens.saved", SecondsSaved = "m3.charged.time.saved", Seconds = "m3.charged.time";
    private const string Request = "gen_ai.server.request.duration", FirstToken = "gen_ai.server.time_to_first_token";
    private const string RoutingStage = "m3.stage.duration", EngineStage = "m3.engine.stage";

    private static readonly HashSet<string> Wanted = [Answers, Runs, Escalations, TokensSaved, SecondsSaved, Seconds, Request, FirstToken, RoutingStage, EngineStage];

    private readonly MeterListener _listener = new();
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Queue<TimeSlice> _slices = [];
    private readonly Dictionary<string, Latencies> _stages = [];
    private readonly SortedDictionary<string, long> _escalations = [], _settled = [];
    private long _answers;
    private double _tokensSaved, _secondsSaved, _seconds;

    public LiveFigures(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Wanted.Contains(instrument.Name) && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument.Name, value, tags));
    }

    /// <summary>How things stand now.</summary>
    public LiveSnapshot Snapshot()
    {
        lock (_lock)
        {
            _ = Current();                                                    // what has passed without a request is empty slices
            return new LiveSnapshot(
                _answers, (long)_tokensSaved, _secondsSaved, _seconds, [.. _slices], _stages.OrderBy(static stage => stage.Key, StringComparer.Ordinal)
                    .Select(static stage => stage.Value.Of(stage.Key)).ToImmutableArray(),
                _escalations.ToImmutableArray(), _settled.ToImmutableArray());
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Count(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            var now = Current();
            switch (instrument)
            {
                case Answers:
                    _answers += (long)value;
                    now.Answers += (long)value;
                    Add(_settled, Tag(tags, "settled"), (long)value);
                    break;
                case Runs: now.Runs[Tag(tags, "scale")] = now.Runs.GetValueOrDefault(Tag(tags, "scale")) + (long)value; break;
                case Escalations: Add(_escalations, $"{Tag(tags, "reason")} at {Tag(tags, "scale")}", (long)value); break;
                case TokensSaved: _tokensSaved += value; break;
                case SecondsSaved: _secondsSaved += value; break;
                case Seconds: _seconds += value; break;
                case Request: Latency("whole request", value); break;
                case FirstToken: Latency("first token", value); break;
                default: Latency(Tag(tags, "stage"), value); break;
            }
        }
    }

    private void Latency(string stage, double seconds)
    {
        if (!_stages.TryGetValue(stage, out var latencies)) _stages[stage] = latencies = new Latencies();
        latencies.Add(seconds);
    }

    private TimeSlice Current()
    {
        var start = new DateTimeOffset(_clock.GetUtcNow().Ticks / Slice.Ticks * Slice.Ticks, TimeSpan.Zero);
        var last = _slices.Count > 0 ? _slices.Last().Start : start - Slice;
        for (var next = Max(last + Slice, start - (Slices - 1) * Slice); next <= start; next += Slice) _slices.Enqueue(new TimeSlice(next));
        while (_slices.Count > Slices) _slices.Dequeue();
        return _slices.Last();
    }

    private static DateTimeOffset Max(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static void Add(SortedDictionary<string, long> counts, string key, long value) => counts[key] = counts.GetValueOrDefault(key) + value;

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name) return $"{value}";
        }

        return "";
    }
}
