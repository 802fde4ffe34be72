namespace M3.Adaptive.Service.Predicting;

/// <summary>Notices within a quarter of a second that another process has changed the registry: what is read is one small file.</summary>
internal sealed class RegistryWatch(PredictorRoster roster, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            roster.Refresh();
            roster.PrepareRollback();
        }
    }
}
