using System.Globalization;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>Durations as people write them: <c>250ms</c>, <c>30s</c>, <c>5min</c>, <c>1.5h</c>, <c>2d</c>, or <c>00:00:30</c>; without a unit, seconds.</summary>
public static class Durations
{
    private static readonly (string Unit, long Size)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("min", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && text.Contains(':')) return duration >= TimeSpan.Zero;
        var isOne = Quantity.TryParse(text, SizeOf, out var ticks);
        duration = TimeSpan.FromTicks(ticks);
        return isOne;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Show(TimeSpan duration) => duration == TimeSpan.Zero ? "0s" : Quantity.Show(duration.Ticks, [.. Units, (" ticks", 1)]);

    private static long? SizeOf(string unit) => unit switch
    {
        "" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        _ => Units.Where(candidate => candidate.Unit == unit).Select(candidate => (long?)candidate.Size).FirstOrDefault(),
    };
}
