using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Store;
using M3.Adaptive.Store.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Predicting.Canary;

/// <summary>Compares a canary with the champion every few seconds and takes it back when it proves worse. An experiment is compared, too, and left.</summary>
internal sealed class CanaryWatch(
    PredictorRoster roster, AdaptiveStore store, PredictorMetrics metrics, TimeProvider clock, IOptions<CanaryOptions> options, ILogger<CanaryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // A long trial has many decisions: comparing them is to take a twentieth of the time at most.
    private const int Pause = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var start = clock.GetTimestamp();
            await LookAsync(stoppingToken);
            await Task.Delay(Period + Pause * clock.GetElapsedTime(start), clock, stoppingToken);
        }
    }

    /// <summary>One comparison.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var served = roster.Served;
        if (served is not { Trial: { Stage: not ChallengerStage.Shadow } trial, Challenger.UsableVersion: { } challenger, Champion.UsableVersion: { } champion })
        {
            metrics.Compared(null);
            return;
        }

        try
        {
            var figures = await store.Trials.CompareAsync(champion, challenger, trial.Since, cancellation);
            metrics.Compared(figures);
            if (trial.Stage != ChallengerStage.Canary || CanaryTest.Regression(figures, options.Value) is not { } why) return;
            roster.Registry?.EndTrial("m3", $"canary taken back: {why}", only: trial.Version, FiguresOf(figures), cancellation);
            ServiceLog.CanaryTakenBack(logger, trial.Version, why);
            metrics.TakenBack();
            roster.Refresh();
        }
        catch (Exception fault) when (fault is RegistryException or System.Data.Common.DbException or InvalidOperationException or DbUpdateException)
        {
            ServiceLog.CanaryNotCompared(logger, fault.Message);                 // the next look may succeed
        }
    }

    private static SortedDictionary<string, double> FiguresOf(TrialFigures figures) => new(StringComparer.Ordinal)
    {
        ["champion answers"] = figures.Champion.Answers,
        ["champion visual tokens"] = figures.Champion.MeanVisualTokens,
        ["champion outcomes"] = figures.Champion.Outcomes,
        ["champion right"] = figures.Champion.Right,
        ["canary answers"] = figures.Challenger.Answers,
        ["canary visual tokens"] = figures.Challenger.MeanVisualTokens,
        ["canary outcomes"] = figures.Challenger.Outcomes,
        ["canary right"] = figures.Challenger.Right,
    };
}
