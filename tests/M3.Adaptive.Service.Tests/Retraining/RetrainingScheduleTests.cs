using M3.Adaptive.Inference;
using M3.Adaptive.Service.Auditing;
using M3.Adaptive.Service.Retraining;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Retraining;

public sealed class RetrainingScheduleTests
{
    private readonly FakeLogCollector _log = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Start_TheTimeBetweenTwoPasses_BeginsOneEachTimeThoughTheFirstFails()
    {
        using var schedule = Schedule(new RetrainingOptions { Every = TimeSpan.FromMinutes(10), Program = "/nowhere" });
        var start = _clock.GetUtcNow();

        await schedule.StartAsync(CancellationToken.None);

        Assert.True(await BegunAsync(1).Soon() - start >= TimeSpan.FromMinutes(10));
        Assert.True(await BegunAsync(2).Soon() - start >= TimeSpan.FromMinutes(20));
        await schedule.StopAsync(CancellationToken.None);
        Assert.Contains(Lines(), static line => line == "Retraining begins, by schedule: every 00:10:00");
        Assert.Contains(Lines(), static line => line.StartsWith("Retraining ended with -1: /nowhere does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NothingIsSet_EndsAtOnce()
    {
        using var schedule = Schedule(new RetrainingOptions());

        await schedule.StartAsync(CancellationToken.None);

        await (schedule.ExecuteTask ?? Task.FromException(new InvalidOperationException("not started"))).Soon();
    }

    // Lets time pass until so many have begun.
    private async Task<DateTimeOffset> BegunAsync(int count)
    {
        while (Lines().Count(static line => line.StartsWith("Retraining begins", StringComparison.Ordinal)) < count)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        return _clock.GetUtcNow();
    }

    private IEnumerable<string> Lines() => _log.GetSnapshot().Select(static line => line.Message);

    private RetrainingSchedule Schedule(RetrainingOptions options) => new(
        new AuditQueue(Options.Create(new AuditOptions())), new RetrainingTurn(), _clock, Options.Create(options), Options.Create(new InferenceOptions()), new ConfigurationBuilder().Build(),
        new Logger<RetrainingSchedule>(new LoggerFactory([new FakeLoggerProvider(_log)])));
}
