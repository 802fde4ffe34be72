namespace M3.Adaptive.Service.Hosting;

/// <summary>
/// Gives memory back to the system when nothing has been going on for a while: what large requests leave behind, the collector keeps for the next ones, and without
/// requests it does not even run.
/// </summary>
internal sealed class IdleMemory(TimeProvider clock) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Bytes allocated between two looks up to which the service is idle: health checks and readers of metrics come always.</summary>
    public const long IdleBytes = 2 << 20;

    /// <summary>Bytes allocated since the last time from which on it is worth a collection, which stops everything for some tens of milliseconds.</summary>
    public const long WorthBytes = 64 << 20;

    private long _seen, _collected;

    /// <summary>Whether memory is to be given back now.</summary>
    /// <param name="allocated">Bytes that the process has allocated since its start.</param>
    public bool IsDue(long allocated)
    {
        var isDue = allocated - _seen <= IdleBytes && allocated - _collected >= WorthBytes;
        _seen = allocated;
        if (isDue) _collected = allocated;
        return isDue;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsDue(GC.GetTotalAllocatedBytes())) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
