using M3.Adaptive.Core;
using M3.Adaptive.Store.Budgets;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.Store.Leases;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Store.Upkeep;

/// <summary>
/// Renews this process's lease, gives back what dead ones had reserved and forgets what is older than the retention time. Failing, it tries again at
/// its next turn.
/// </summary>
internal sealed class Housekeeping(
    ProcessLease lease, DecisionStore decisions, BudgetStore budgets, TimeSpan retainFor, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _nextRetention = DateTimeOffset.MinValue;
    private Task _turn = Task.CompletedTask;
    private ITimer? _timer;

    /// <summary>Takes its turns from now on, as often as the lease asks for.</summary>
    public void Start() => _timer ??= clock.CreateTimer(_ => TakeTurnOfItsOwn(), null, lease.Interval, lease.Interval);

    /// <exception cref="StoreUnavailableException">The database refused.</exception>
    public async Task TakeTurnAsync(CancellationToken cancellation)
    {
        await lease.RenewAsync(cancellation);
        await budgets.PayOwedAsync();
        if (await budgets.ReleaseOfTheDeadAsync(cancellation) is > 0 and var dead) StoreLog.ReleasedOfTheDead(logger, dead);
        await lease.ClearUpAsync(cancellation);
        var now = clock.GetUtcNow();
        if (now < _nextRetention) return;
        if (await decisions.ForgetAsync(now - retainFor, cancellation) is > 0 and var count) StoreLog.Forgot(logger, count);
        await budgets.ForgetAsync(now - retainFor, cancellation);
        _nextRetention = now + RetentionInterval;
    }

    /// <summary>Where it was started: ends with the turn that is running, and gives the lease back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _timer, null) is not { } timer) return;
        await timer.DisposeAsync();
        await _turn;
        try
        {
            await budgets.PayOwedAsync();
            await lease.EndAsync();
        }
        catch (StoreUnavailableException fault)
        {
            StoreLog.HousekeepingFailed(logger, fault.Message);                   // others clear up once the lease has ended
        }
    }

    private void TakeTurnOfItsOwn()
    {
        if (_turn.IsCompleted) _turn = TryTurnAsync();
    }

    private async Task TryTurnAsync()
    {
        try
        {
            await TakeTurnAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException)
        {
            StoreLog.HousekeepingFailed(logger, fault.Message);
        }
    }
}
