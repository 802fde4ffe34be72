namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>What callers saw, by many threads.</summary>
internal sealed class Samples
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<double>> _first = [], _whole = [];
    private readonly List<double> _gaps = [];

    /// <summary>Answers complete.</summary>
    public int Answers { get; private set; }

    /// <summary>Floating-point operations charged.</summary>
    public double Flops { get; private set; }

    /// <param name="scale">Visual tokens.</param>
    /// <param name="times">Seconds of each token since the question was asked.</param>
    public void Add(int scale, IReadOnlyList<double> times, double flops)
    {
        lock (_gate)
        {
            Answers++;
            Flops += flops;
            Of(_first, scale).Add(times[0]);
            Of(_whole, scale).Add(times[^1]);
            for (var i = 1; i < times.Count; i++) _gaps.Add(times[i] - times[i - 1]);
        }
    }

    /// <summary>Puts percentiles, in milliseconds, under names that begin so.</summary>
    public void Put(string name, SortedDictionary<string, double> figures)
    {
        foreach (var (scale, seconds) in _first) Put($"{name}FirstTokenMs{scale}", seconds, figures);
        foreach (var (scale, seconds) in _whole) Put($"{name}AnswerMs{scale}", seconds, figures);
        if (_gaps.Count > 0) Put($"{name}PerTokenMs", _gaps, figures);
    }

    /// <summary>99th percentile of the time between tokens over its median.</summary>
    public double GapP99OverMedian => Percentile(_gaps, 0.99) / Percentile(_gaps, 0.5);

    /// <param name="values">At least one; sorted here.</param>
    /// <param name="share">0 to 1.</param>
    public static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(share * values.Count))];
    }

    private static void Put(string name, List<double> seconds, SortedDictionary<string, double> figures)
    {
        foreach (var percent in (int[])[50, 95, 99]) figures[$"{name}P{percent}"] = 1e3 * Percentile(seconds, percent / 100.0);
    }

    private static List<double> Of(Dictionary<int, List<double>> all, int scale) => all.TryGetValue(scale, out var list) ? list : all[scale] = [];
}
