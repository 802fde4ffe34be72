namespace Grpc.Core.Wire;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const long MaxSeconds = 99_999_999;
    private const int MaxDigits = 8;

    /// <summary>The longest timeout there is; longer ones are cut to it.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(MaxSeconds);

    // 0.1 microseconds a tick; nanoseconds are finer than a tick and are kept apart.
    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a header; false for anything that is not a timeout, which a server ignores.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        long amount = 0;
        foreach (var digit in text[..^1])
        {
            if (!char.IsAsciiDigit(digit)) return false;
            amount = (amount * 10) + (digit - '0');
        }

        if (text[^1] == 'n')
        {
            timeout = new TimeSpan((amount + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
            return true;
        }

        foreach (var (unit, ticks) in Units)
        {
            if (unit != text[^1]) continue;
            timeout = new TimeSpan(Math.Min(amount * ticks, Max.Ticks)); // 10^8 hours are 3.6e18 ticks: no overflow
            return true;
        }

        return false;
    }

    /// <summary>Writes a header, rounded up; zero and less become <c>0n</c>.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "0n";
        var ticks = Math.Min(timeout.Ticks, Max.Ticks);
        foreach (var (unit, unitTicks) in Units)
        {
            var amount = (ticks + unitTicks - 1) / unitTicks;
            if (amount <= MaxSeconds) return $"{amount}{unit}"; // eight nines are also the most that eight digits hold
        }

        throw new InvalidOperationException("Unreachable: the cap fits in seconds.");
    }
}
