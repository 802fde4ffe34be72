using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.TestKit;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Advance_TimersDueOnTheWay_FireInOrderAtTheirOwnTimes()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<(string Name, double After)>();
        void Note(object? name) => fired.Add(((string)name!, (_clock.GetUtcNow() - start).TotalSeconds));     // every timer here has a name
        using var late = _clock.CreateTimer(Note, "late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var often = _clock.CreateTimer(Note, "often", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        using var never = _clock.CreateTimer(Note, "never", TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([("often", 1.0), ("late", 3.0), ("often", 3.0)], fired);
        Assert.Equal(start.AddSeconds(4), _clock.GetUtcNow());
        Assert.Equal(2, _clock.ActiveTimers);
    }

    [Fact]
    public async Task Delay_OnTheClock_EndsWhenItsTimeHasCome()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), _clock);
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromMinutes(5));

        await delay.Soon();
    }

    [Fact]
    public void Dispose_Timer_NeverFires()
    {
        var fired = false;
        _clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False(fired);
    }
}
