using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Tests.Doubles;

/// <summary>One tenant's budget in memory, exact as the store's: it refuses to be overdrawn and to be settled for more than was reserved.</summary>
internal sealed class FakeLedger(TimeProvider clock) : IBudgetLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, BudgetClaim> _held = [];
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null: nobody has one.</summary>
    public TenantBudget? Budget { get; set; }

    public long Settled { get; set; }

    public long Reserved => _held.Values.Sum(claim => claim.Amount);

    /// <summary>Set once somebody waits for others.</summary>
    public TaskCompletionSource Waited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TenantBudget Tokens(long limit, double soft = 1) => new(Tenants.Default, BudgetUnit.VisualTokens, limit, TimeSpan.FromHours(1), soft);

    public ValueTask<(BudgetClaim? Claim, T Plan)> ReserveAsync<T>(string tenant, Func<BudgetBalance?, BudgetWish<T>> plan, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (Budget is null || Budget.Tenant != tenant) return ValueTask.FromResult(((BudgetClaim?)null, plan(null).Plan));
            var balance = new BudgetBalance(Budget, Budget.WindowStart(clock.GetUtcNow()), Settled, Reserved);
            var (amount, result) = plan(balance);
            if (amount == 0) return ValueTask.FromResult(((BudgetClaim?)null, result));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, balance.Available);
            var claim = new BudgetClaim(Guid.NewGuid(), balance, amount);
            _held.Add(claim.Id, claim);
            return ValueTask.FromResult(((BudgetClaim?)claim, result));
        }
    }

    public void Settle(BudgetSettlement settlement)
    {
        lock (_lock)
        {
            if (!_held.Remove(settlement.Claim.Id)) return;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(settlement.Amount, settlement.Claim.Amount);
            Settled += settlement.Amount;
        }

        Interlocked.Exchange(ref _released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public Task WaitForReleaseAsync(CancellationToken cancellation)
    {
        Waited.TrySetResult();
        return Volatile.Read(ref _released).Task.WaitAsync(cancellation);
    }
}
