namespace M3.Adaptive.Model.Backend;

/// <summary>Which of several ways to compute the same is quickest here: what a processor says it can do does not tell.</summary>
public static class Race
{
    private const double TooSlow = 3;                                             // times the quickest: three rounds are enough
    private const double EnoughSeconds = 0.1;                                     // of one way
    private const double LongSeconds = 0.3;                                       // of one way, beside which what it also prepares is little
    private const int LeastRounds = 3, MostRounds = 16;                           // the first also prepares what later ones use
    private const int SettledRounds = 3;                                          // in a row without a better time: there is none to be found
    private const double Better = 0.97;

    /// <summary>
    /// Least seconds of each way, in rounds until those settle. Every round runs all of them, so that a busy moment meets all alike.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="ways">At least one.</param>
    /// <param name="run">Timed.</param>
    /// <param name="before">Before each, not timed.</param>
    public static IReadOnlyDictionary<T, double> Run<T>(TimeProvider time, IReadOnlyList<T> ways, Action<T> run, Action? before = null) where T : notnull
    {
        var best = ways.ToDictionary(static way => way, static _ => double.PositiveInfinity);
        var (all, settled) = (0.0, 0);
        for (var round = 0; round < MostRounds && settled < SettledRounds && all < (round < LeastRounds ? LongSeconds : EnoughSeconds) * ways.Count; round++)
        {
            settled++;
            foreach (var way in ways)
            {
                if (round > 2 && best[way] > TooSlow * best.Values.Min()) continue;
                before?.Invoke();
                var start = time.GetTimestamp();
                run(way);
                var seconds = time.GetElapsedTime(start).TotalSeconds;
                if (seconds < Better * best[way]) settled = 0;
                best[way] = Math.Min(best[way], seconds);
                all += seconds;
            }
        }

        return best;
    }

    /// <summary>The quickest way.</summary>
    /// <inheritdoc cref="Run"/>
    public static T Quickest<T>(TimeProvider time, IReadOnlyList<T> ways, Action<T> run) where T : notnull =>
        Run(time, ways, run).MinBy(static way => way.Value).Key;
}
