using M3.Adaptive.Inference;
using M3.Adaptive.Service.Auditing;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Retraining;

/// <summary>Looks every ten seconds whether a retraining is due, and runs one at a time. What comes of it is a version in the registry, which serves nowhere before somebody promotes it.</summary>
internal sealed class RetrainingSchedule(
    AuditQueue audits, RetrainingTurn turns, TimeProvider clock, IOptions<RetrainingOptions> options, IOptions<InferenceOptions> model, IConfiguration settings, ILogger<RetrainingSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is { Every: null, AfterAudits: null }) return;
        var (last, kept) = (clock.GetUtcNow(), 0L);
        using var timer = new PeriodicTimer(BetweenLooks, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (RetrainingDue.Reason(clock.GetUtcNow() - last, audits.Kept - kept, options.Value) is not { } why) continue;
            using var turn = turns.TryTake();
            if (turn is null) continue;                                          // one that was asked for runs
            kept = audits.Kept;
            try
            {
                ServiceLog.RetrainingBegins(logger, why);
                var ended = await RetrainingProcess.RunAsync(options.Value, model.Value.ModelDirectory, why, settings, stoppingToken);
                if (ended.ExitCode == 0) ServiceLog.RetrainingEnded(logger, ended.LastLine);
                else ServiceLog.RetrainingFailed(logger, ended.ExitCode, ended.LastLine);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                ServiceLog.RetrainingFailed(logger, exitCode: -1, fault.Message);   // serving goes on; the next one may succeed
            }

            last = clock.GetUtcNow();
        }
    }
}
