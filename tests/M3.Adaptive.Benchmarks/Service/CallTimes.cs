using System.Diagnostics.Metrics;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>What calls took, as the web server's and the product's own metrics tell: whole calls, answering without the wire, and stages of it.</summary>
internal sealed class CallTimes : IDisposable
{
    private const string Server = "http.server.request.duration", Answer = "gen_ai.server.request.duration", Stage = "m3.stage.duration";
    private const string Method = "/m3.adaptive.v1.AdaptiveService/Generate";

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<double>> _seconds = [];

    public CallTimes()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name is Server or Answer or Stage) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) =>
        {
            var name = instrument.Name switch
            {
                Stage => Tag(tags, "stage"),
                Answer => "answer",
                _ => Tag(tags, "http.route") == Method ? "overhead" : null,
            };
            if (name is not null) Add(name, seconds);
        });
        _listener.Start();
    }

    /// <summary>Median and 99th percentile of whole calls and of their stages, in microseconds.</summary>
    /// <param name="warmUp">So many of each are not counted.</param>
    public SortedDictionary<string, double> Figures(int warmUp)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var (name, all) in _seconds)
            {
                double[] sorted = [.. all.Skip(warmUp).Order()];
                if (sorted.Length == 0) continue;
                figures[$"{name}P50Microseconds"] = 1e6 * sorted[sorted.Length / 2];
                figures[$"{name}P99Microseconds"] = 1e6 * sorted[sorted.Length * 99 / 100];
            }
        }

        return figures;
    }

    /// <summary>One more of a kind.</summary>
    public void Add(string name, double seconds)
    {
        lock (_gate)
        {
            if (!_seconds.TryGetValue(name, out var list)) _seconds[name] = list = [];
            list.Add(seconds);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == key) return tag.Value as string;
        }

        return null;
    }
}
