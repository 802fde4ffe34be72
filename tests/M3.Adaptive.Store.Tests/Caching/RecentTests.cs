using M3.Adaptive.Store.Caching;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Store.Tests.Caching;

public sealed class RecentTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly Recent<int> _recent;
    private TaskCompletionSource<int> _answer = new();
    private int _readings;

    public RecentTests() => _recent = new Recent<int>(Second, _clock, () =>
    {
        var answer = _answer.Task;
        Interlocked.Increment(ref _readings);
        return answer;
    });

    [Fact]
    public async Task Get_ManyAtOnce_AreOneReading()
    {
        Task<int>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => _recent.GetAsync(default).AsTask())];

        _answer.SetResult(7);

        Assert.All(await Task.WhenAll(waiting).Soon(), value => Assert.Equal(7, value));
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task Get_BeforeTrustEnds_ReadsAnewWithoutWaiting()
    {
        await ReadAsync(7);
        _answer = new TaskCompletionSource<int>();
        _clock.Advance(0.75 * Second);

        Assert.Equal(7, await _recent.GetAsync(default));                          // though the next reading has no answer yet
        _answer.SetResult(8);
        _clock.Advance(0.3 * Second);

        Assert.Equal(8, await _recent.GetAsync(default).Soon());
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task Get_TrustHasEnded_WaitsForTheNewOne()
    {
        await ReadAsync(7);
        _answer = new TaskCompletionSource<int>();
        _clock.Advance(Second);

        var next = _recent.GetAsync(default).AsTask();

        Assert.False(next.IsCompleted);
        _answer.SetResult(8);
        Assert.Equal(8, await next.Soon());
    }

    [Fact]
    public async Task Get_ReadingFails_TellsThoseWhoWaitedAndIsTriedAgain()
    {
        _answer.SetException(new IOException("gone"));
        await Assert.ThrowsAsync<IOException>(() => _recent.GetAsync(default).Soon());

        await ReadAsync(7);
    }

    [Fact]
    public async Task Forget_WhileReading_DoesNotTrustWhatWasBegunBefore()
    {
        var before = _recent.GetAsync(default).AsTask();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _readings) == 1, BoundedWaits.Limit));
        var old = _answer;
        _recent.Forget();
        _answer = new TaskCompletionSource<int>();
        _answer.SetResult(8);

        Assert.Equal(8, await _recent.GetAsync(default).Soon());
        old.SetResult(7);
        Assert.Equal(7, await before.Soon());
        Assert.Equal(8, await _recent.GetAsync(default));
    }

    private async Task ReadAsync(int value)
    {
        _answer = new TaskCompletionSource<int>();
        _answer.SetResult(value);
        Assert.Equal(value, await _recent.GetAsync(default).Soon());
    }
}
