using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Store.Leases;

/// <summary>Renews this process's lease, clears up after dead ones and forgets what is older than the retention time. Failing, it tries again at its next turn.</summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    private readonly ProcessLease _lease;
    private readonly DecisionStore _decisions;
    private readonly TimeSpan _retainFor;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private Task _turn = Task.CompletedTask;
    private DateTimeOffset _nextRetention;

    public Housekeeping(ProcessLease lease, DecisionStore decisions, TimeSpan retainFor, TimeProvider clock, ILogger logger)
    {
        (_lease, _decisions, _retainFor, _clock, _logger) = (lease, decisions, retainFor, clock, logger);
        _nextRetention = clock.GetUtcNow();
        _timer = clock.CreateTimer(_ => TakeTurn(), null, lease.Interval, lease.Interval);
    }

    /// <summary>Ends with the turn that is running, and gives the lease back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _turn;
        try
        {
            await _lease.EndAsync();
        }
        catch (StoreUnavailableException fault)
        {
            StoreLog.HousekeepingFailed(_logger, fault.Message);                  // others clear up once the lease has ended
        }
    }

    private void TakeTurn()
    {
        if (_turn.IsCompleted) _turn = TakeTurnAsync();
    }

    private async Task TakeTurnAsync()
    {
        try
        {
            await _lease.RenewAsync(CancellationToken.None);
            await _lease.ClearUpAsync(CancellationToken.None);
            var now = _clock.GetUtcNow();
            if (now < _nextRetention) return;
            if (await _decisions.ForgetAsync(now - _retainFor, CancellationToken.None) is > 0 and var count) StoreLog.Forgot(_logger, count);
            _nextRetention = now + RetentionInterval;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException)
        {
            StoreLog.HousekeepingFailed(_logger, fault.Message);
        }
    }
}
