using System.Collections.Concurrent;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Caching;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Leases;
using M3.Adaptive.Store.Writing;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Budgets;

/// <summary>Budgets, their windows and what running requests hold of them. Safe for concurrent use.</summary>
public sealed class BudgetStore : IBudgetLedger
{
    /// <summary>How long it may take until a budget that another process sets counts for a tenant that had none.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(1);

    private const string LastOfAll = "\uffff";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly StoreDatabase _database;
    private readonly GroupCommit _writer;
    private readonly ProcessLease _lease;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Guid, BudgetSettlement> _owed = [];
    private readonly ConcurrentDictionary<Guid, string> _unclear = [];         // tenants by ids of reservations
    private readonly Recent<HashSet<string>> _known;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal BudgetStore(StoreDatabase database, GroupCommit writer, ProcessLease lease, TimeProvider clock)
    {
        (_database, _writer, _lease, _clock) = (database, writer, lease, clock);
        _known = new(KnownFor, clock, ReadTenantsAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<(BudgetClaim? Claim, T Plan)> ReserveAsync<T>(
        string tenant, Func<BudgetBalance?, BudgetWish<T>> plan, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        // Most tenants have no budget: they do not wait for the writer.
        if (!(await _known.GetAsync(cancellation)).Contains(tenant)) return (null, plan(null).Plan);
        var id = Guid.CreateVersion7(now);
        // A reservation only matters while this process lives: it need not outlast the machine's power.
        var work = new StoreWork<(BudgetClaim?, T)>(session =>
        {
            _lease.RenewIfDue(session);
            return Ledger.Reserve(session, id, tenant, _lease.Id, _clock.GetUtcNow(), plan);
        })
        { Order = tenant, MustOutlastPower = false };
        try
        {
            return await _writer.RunAsync(work, cancellation);
        }
        catch
        {
            // It may yet be, or have been, committed for a caller who will not know.
            _unclear[id] = tenant;
            _ = ReleaseAsync(id, tenant);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Settle(BudgetSettlement settlement)
    {
        _owed[settlement.Claim.Id] = settlement;
        _ = PayAsync(settlement);
    }

    /// <inheritdoc/>
    public Task WaitForReleaseAsync(CancellationToken cancellation) =>
        Task.WhenAny(Volatile.Read(ref _released).Task, Task.Delay(Moment, _clock, cancellation));

    /// <summary>The budgets that are set, by tenant.</summary>
    public async Task<IReadOnlyList<TenantBudget>> ListAsync(CancellationToken cancellation)
    {
        await using var context = _database.CreateContext();
        return [.. (await context.Budgets.AsNoTracking().OrderBy(row => row.Tenant).ToListAsync(cancellation)).Select(Ledger.ToBudget)];
    }

    /// <summary>How a tenant's budget stands now; null where it has none. Reserves nothing.</summary>
    /// <exception cref="StoreUnavailableException">That cannot be told now.</exception>
    public async Task<BudgetBalance?> BalanceAsync(string tenant, CancellationToken cancellation) =>
        (await ReserveAsync(tenant, static balance => new BudgetWish<BudgetBalance?>(0, balance), cancellation)).Plan;

    /// <summary>Sets a tenant's budget; it counts for the window that is running, too, from the next request on.</summary>
    /// <param name="actor">Who sets it, for the audit table.</param>
    public async Task SetAsync(TenantBudget budget, string actor, CancellationToken cancellation)
    {
        await _writer.RunAsync(session => Ledger.Set(session, budget, actor, _clock.GetUtcNow()), cancellation);
        _known.Forget();
    }

    /// <summary>Takes a tenant's budget away: nothing limits it any more.</summary>
    /// <returns>False when it had none.</returns>
    public async Task<bool> RemoveAsync(string tenant, string actor, CancellationToken cancellation)
    {
        var isRemoved = await _writer.RunAsync(session => Ledger.Remove(session, tenant, actor, _clock.GetUtcNow()), cancellation);
        _known.Forget();
        return isRemoved;
    }

    /// <summary>Every window that is kept, beside what its reservations and settlements come to: seen at one moment, while requests run.</summary>
    public Task<IReadOnlyList<AuditedWindow>> AuditAsync(CancellationToken cancellation) => _writer.RunAsync(new StoreWork<IReadOnlyList<AuditedWindow>>(Ledger.Audit) { Order = LastOfAll }, cancellation);

    /// <summary>Tries again what could not be settled or given back when its request ended.</summary>
    internal async Task PayOwedAsync()
    {
        foreach (var settlement in _owed.Values) await PayAsync(settlement);
        foreach (var (id, tenant) in _unclear) await ReleaseAsync(id, tenant);
    }

    /// <summary>Gives back what processes had reserved whose lease has ended.</summary>
    /// <returns>How many reservations.</returns>
    internal Task<int> ReleaseOfTheDeadAsync(CancellationToken cancellation) =>
        _writer.RunAsync(session => Ledger.ReleaseOfTheDead(session, _clock.GetUtcNow()), cancellation);

    /// <summary>Forgets windows that ended before a time.</summary>
    internal Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        _writer.RunAsync(session => Ledger.Forget(session, before), cancellation);

    /// <summary>Tells those who wait that something may be available again.</summary>
    internal void TellReleased() =>
        Interlocked.Exchange(ref _released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task PayAsync(BudgetSettlement settlement)
    {
        var tenant = settlement.Claim.Balance.Budget.Tenant;
        if (await TryAsync(tenant, session => Ledger.Settle(session, settlement, decision: null, _clock.GetUtcNow()))) _owed.TryRemove(settlement.Claim.Id, out _);
    }

    private async Task ReleaseAsync(Guid id, string tenant)
    {
        if (await TryAsync(tenant, session => Ledger.Release(session, id))) _unclear.TryRemove(id, out _);
    }

    private async Task<bool> TryAsync<T>(string tenant, Func<StoreSession, T> work)
    {
        try
        {
            await _writer.RunAsync(new StoreWork<T>(work) { Order = tenant }, CancellationToken.None);
            TellReleased();
            return true;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException)
        {
            return false;                                                     // housekeeping tries again, and others once the lease has ended
        }
    }

    private async Task<HashSet<string>> ReadTenantsAsync()
    {
        try
        {
            return [.. (await ListAsync(CancellationToken.None)).Select(static budget => budget.Tenant)];
        }
        catch (Exception fault) when (_database.IsOutage(fault))
        {
            throw new StoreUnavailableException(_database.Explain(fault), fault);
        }
    }
}
