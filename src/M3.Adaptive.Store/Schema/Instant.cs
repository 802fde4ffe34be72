namespace M3.Adaptive.Store.Schema;

/// <summary>Points in time as the tables hold them: microseconds since 1970, UTC, which both databases compare alike.</summary>
internal static class Instant
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToTime(long instant) => DateTimeOffset.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMicrosecond);
}
