using System.Collections.Immutable;

namespace M3.Adaptive.Service.Web.Live;

/// <summary>What the meters said up to now.</summary>
/// <param name="Answers">Since the start, as all sums.</param>
/// <param name="TokensSaved">Visual tokens that always the finest scale would have been charged beyond those that were.</param>
/// <param name="SecondsSaved">The model's seconds, likewise, by its estimate.</param>
/// <param name="Seconds">The model's seconds that were charged.</param>
/// <param name="Slices">The last minutes, oldest first; the last one is not over.</param>
/// <param name="Stages">Times of the parts of requests.</param>
/// <param name="Escalations">How often a finer scale ran, by reason and scale.</param>
/// <param name="Settled">Why no finer scale followed, and how often.</param>
public sealed record LiveSnapshot(
    long Answers, long TokensSaved, double SecondsSaved, double Seconds, IReadOnlyList<TimeSlice> Slices, ImmutableArray<StageTimes> Stages,
    ImmutableArray<KeyValuePair<string, long>> Escalations, ImmutableArray<KeyValuePair<string, long>> Settled)
{
    /// <summary>Answers a second over the last minute, the slice that is not over left out.</summary>
    public double Rate
    {
        get
        {
            TimeSlice[] minute = [.. Slices.SkipLast(1).TakeLast(12)];
            return minute is [] ? 0 : minute.Sum(static slice => slice.Answers) / (minute.Length * LiveFigures.Slice.TotalSeconds);
        }
    }
}

/// <summary>What happened in a short time.</summary>
public sealed class TimeSlice(DateTimeOffset start)
{
    public DateTimeOffset Start => start;

    public long Answers { get; internal set; }

    /// <summary>Runs of the language model by scale, as the meter names it.</summary>
    public Dictionary<string, long> Runs { get; } = [];
}

/// <summary>Times of one part of requests, over the last of them.</summary>
/// <param name="Count">How many there were since the start.</param>
/// <param name="Median">Seconds.</param>
/// <param name="P95">Seconds that nineteen of twenty stay below.</param>
public sealed record StageTimes(string Stage, long Count, double Median, double P95);

/// <summary>The last times of one part; the order of what is kept does not matter.</summary>
internal sealed class Latencies
{
    private const int Kept = 1000;

    private readonly double[] _last = new double[Kept];
    private long _count;

    public void Add(double seconds) => _last[_count++ % Kept] = seconds;

    public StageTimes Of(string stage)
    {
        var sorted = _last.AsSpan(0, (int)Math.Min(_count, Kept)).ToArray();
        Array.Sort(sorted);
        return new StageTimes(stage, _count, sorted[sorted.Length / 2], sorted[Math.Min(sorted.Length - 1, 95 * sorted.Length / 100)]);
    }
}
