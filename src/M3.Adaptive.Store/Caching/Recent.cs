namespace M3.Adaptive.Store.Caching;

/// <summary>
/// What the database said a moment ago. It is trusted for a while, and read again in the background before that ends, so that under steady traffic nobody waits
/// for a query. Safe for concurrent use.
/// </summary>
/// <param name="trustedFor">Time from the beginning of a reading for which it counts.</param>
/// <param name="read">Reads it; may block.</param>
internal sealed class Recent<T>(TimeSpan trustedFor, TimeProvider clock, Func<Task<T>> read)
{
    private readonly Lock _lock = new();
    private Reading? _last, _running;

    /// <summary>What was read last, or is read now where that is too long ago.</summary>
    public async ValueTask<T> GetAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Reading reading;
            lock (_lock)
            {
                var age = AgeOf(_last);
                var next = age < trustedFor / 2 ? null : _running ?? Begin_NeedsLock();
                reading = (age < trustedFor ? _last : next) ?? throw new InvalidOperationException("Nothing was read and nothing is being read.");
            }

            var value = await reading.Value.WaitAsync(cancellation);
            if (AgeOf(reading) < trustedFor) return value;
        }
    }

    /// <summary>Nothing that was read until now counts any more, nor what is being read.</summary>
    public void Forget()
    {
        lock (_lock) _last = _running = null;
    }

    private TimeSpan AgeOf(Reading? reading) => reading is null ? TimeSpan.MaxValue : clock.GetUtcNow() - reading.Begun;

    private Reading Begin_NeedsLock()
    {
        var reading = _running = new Reading(clock.GetUtcNow(), Task.Run(read));
        // It may have ended already, and this then runs at once.
        reading.Value.ContinueWith(_ => End(reading), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return reading;
    }

    // One that failed counts for those who waited for it, and for nobody else.
    private void End(Reading reading)
    {
        lock (_lock)
        {
            if (_running != reading) return;                                      // forgotten
            _running = null;
            if (reading.Value.Exception is null) _last = reading;
        }
    }

    private sealed record Reading(DateTimeOffset Begun, Task<T> Value);
}
