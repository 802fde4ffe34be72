using M3.Adaptive.Core;
using M3.Adaptive.Store.Budgets;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Budgets;

public sealed class SqliteBudgetTests() : BudgetStoreTests(null);

[Collection(PostgreSql.Name)]
public sealed class PostgreSqlBudgetTests(PostgreSqlCluster cluster) : BudgetStoreTests(cluster);

/// <summary>The same promises on both databases.</summary>
public abstract class BudgetStoreTests(PostgreSqlCluster? cluster) : IAsyncLifetime
{
    private const string Tenant = "acme";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private TestStore _kept = null!;                                          // set before each test

    private BudgetStore Budgets => _kept.Store.Budgets;

    public async Task InitializeAsync()
    {
        _kept = await TestStore.OnAsync(cluster);
        await _kept.OpenAsync();
    }

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Reserve_NoBudget_SeesNoneAndReservesNothing()
    {
        var (claim, saw) = await Budgets.ReserveAsync(Tenant, balance => new BudgetWish<BudgetBalance?>(585, balance), default).Soon();

        Assert.Null(claim);
        Assert.Null(saw);
    }

    [Fact]
    public async Task Reserve_ThenSettle_KeepsWhatWasChargedAndGivesBackTheRest()
    {
        await SetAsync(1000);
        var claim = await ReserveAsync(729);
        Assert.Equal((729, 0, 271), await StandsAsync());

        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), new BudgetSettlement(claim, 153, Some.Decision(1).Charged), default).Soon();

        Assert.Equal((0, 153, 847), await StandsAsync());
        Assert.Equal([1], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Reserve_MoreThanThereIs_SeesWhatIsAvailableAndTakesNothing()
    {
        await SetAsync(1000);
        await ReserveAsync(900);

        var (claim, available) = await Budgets.ReserveAsync(Tenant, balance => new BudgetWish<long>(0, balance!.Available), default).Soon();

        Assert.Null(claim);
        Assert.Equal(100, available);
    }

    [Fact]
    public async Task Reserve_PlanAsksForTooMuch_IsAFaultOfThePlan()
    {
        await SetAsync(10);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReserveAsync(11));

        Assert.Equal((0, 0, 10), await StandsAsync());
    }

    [Fact]
    public async Task Settle_Twice_ChargesOnce()
    {
        await SetAsync(1000);
        var settlement = new BudgetSettlement(await ReserveAsync(100), 9, default);

        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), settlement, default).Soon();
        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), settlement, default).Soon();

        Assert.Equal((0, 9, 991), await StandsAsync());
    }

    [Fact]
    public async Task Settle_WithoutAReply_ChargesWhatRanAndGivesBackTheRest()
    {
        await SetAsync(1000);
        var claim = await ReserveAsync(729);

        Budgets.Settle(new BudgetSettlement(claim, 9, default));

        Assert.Equal((0, 9, 991), await StandsAsync());                       // the writer takes its turns in order
    }

    [Fact]
    public async Task Reserve_NextWindow_IsWholeAgainAndTheOldOneSettlesInItsOwn()
    {
        await SetAsync(1000);
        var old = await ReserveAsync(1000);
        _kept.Clock.Advance(Hour);

        await ReserveAsync(600);
        Budgets.Settle(new BudgetSettlement(old, 700, default));

        Assert.Equal([(0L, 700L), (600L, 0L)], (await AuditAsync()).Select(window => (window.Reserved, window.Settled)));
    }

    [Fact]
    public async Task Set_LowerThanWhatIsTaken_RefusesFromThenOnAndTakesNothingBack()
    {
        await SetAsync(1000);
        var claim = await ReserveAsync(800);

        await SetAsync(100);
        var (_, available) = await Budgets.ReserveAsync(Tenant, balance => new BudgetWish<long>(0, balance!.Available), default).Soon();
        Budgets.Settle(new BudgetSettlement(claim, 800, default));

        Assert.Equal(0, available);
        Assert.All(await AuditAsync(), window => Assert.True(window.IsConsistent));
    }

    [Fact]
    public async Task Remove_Budget_LimitsNothingAnyMore()
    {
        await SetAsync(0);

        Assert.True(await Budgets.RemoveAsync(Tenant, "me", default).Soon());
        Assert.False(await Budgets.RemoveAsync(Tenant, "me", default).Soon());

        Assert.Null((await Budgets.ReserveAsync(Tenant, balance => new BudgetWish<BudgetBalance?>(0, balance), default).Soon()).Plan);
    }

    [Fact]
    public async Task Reserve_ProcessDies_IsGivenBackWhenItsLeaseEnds()
    {
        await SetAsync(1000);
        await using var dying = _kept.Make();
        await dying.Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(700, 0), default).Soon();

        await TurnAsync(TimeSpan.FromSeconds(29));
        Assert.Equal((700, 0, 300), await StandsAsync());
        await TurnAsync(TimeSpan.FromSeconds(11));

        Assert.Equal((0, 0, 1000), await StandsAsync());
    }

    [Fact]
    public async Task Settle_AfterTheLeaseEnded_IsChargedOnlyWhileItFits()
    {
        await SetAsync(1000);
        await using var late = _kept.Make();
        var (first, _) = await late.Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(100, 0), default).Soon();
        var (second, _) = await late.Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(900, 0), default).Soon();
        await TurnAsync(TimeSpan.FromSeconds(40));
        await ReserveAsync(900);

        await late.Decisions.AppendAsync(Some.Decision(1), new BudgetSettlement(first!, 100, default), default).Soon();
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => late.Decisions.AppendAsync(Some.Decision(2), new BudgetSettlement(second!, 900, default), default).Soon());

        Assert.Contains("LeaseTime", fault.Message);
        Assert.Equal((900, 100, 0), await StandsAsync());
        Assert.Equal([1], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Reserve_CancelledWhileWaiting_LeavesNothingReserved()
    {
        await SetAsync(1000);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(700, 0), source.Token).Soon());

        Assert.Equal((0, 0, 1000), await StandsAsync());
    }

    [Fact]
    public async Task Forget_EndedWindows_GoWithTheirSettlements()
    {
        await SetAsync(1000);
        Budgets.Settle(new BudgetSettlement(await ReserveAsync(9), 9, default));
        _kept.Clock.Advance(Hour);
        Budgets.Settle(new BudgetSettlement(await ReserveAsync(36), 36, default));

        Assert.Equal(1, await Budgets.ForgetAsync(Some.Noon + Hour + TimeSpan.FromSeconds(1), default).Soon());

        Assert.Equal(36, Assert.Single(await AuditAsync()).Settled);
    }

    /// <summary>Two processes, 32 callers, a budget that runs out: never over, and all of it is used before anybody is refused.</summary>
    [Fact]
    public async Task Reserve_ByManyOfTwoProcesses_ChargesTheWholeBudgetAndNoTokenMore()
    {
        const int limit = 5000;
        await SetAsync(limit);
        await using var other = _kept.Make();
        var charged = 0L;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(() => SpendAsync(caller, caller % 2 == 0 ? _kept.Store : other)))).Soon();

        Assert.Equal(limit, charged);
        Assert.Equal((0, limit, 0), await StandsAsync());

        async Task SpendAsync(int caller, AdaptiveStore store)
        {
            var random = new Random(caller);
            while (true)
            {
                // Up to 729 tokens, of which part is used; refused only when not one is left that nobody is charged for.
                var (claim, isOver) = await store.Budgets.ReserveAsync(
                    Tenant, balance => new BudgetWish<bool>(Math.Min(729, balance!.Available), balance.Settled >= limit), default);
                if (isOver) return;
                if (claim is null)
                {
                    await Task.Yield();
                    continue;
                }

                var used = random.NextInt64(1, claim.Amount + 1);
                var id = Guid.NewGuid();
                await store.Decisions.AppendAsync(Some.Decision(caller) with { DecisionId = id }, new BudgetSettlement(claim, used, default), default);
                Interlocked.Add(ref charged, used);
            }
        }
    }

    /// <summary>Requests that end well, badly, twice or never, processes that die, limits that change, windows that pass: it always adds up.</summary>
    [Fact]
    public async Task Ledger_AnyOrderOfEvents_AddsUpAfterEach()
    {
        var random = new Random(5);
        await SetAsync(2000);
        await using var other = _kept.Make();
        List<(AdaptiveStore Store, BudgetClaim Claim)> held = [];
        for (var i = 0; i < 300; i++)
        {
            var store = random.Next(3) == 0 ? other : _kept.Store;
            switch (random.Next(8))
            {
                case < 4:
                    var wanted = random.NextInt64(1, 730);
                    var (claim, _) = await store.Budgets.ReserveAsync(Tenant, balance => new BudgetWish<int>(Math.Min(wanted, balance!.Available), 0), default).Soon();
                    if (claim is not null) held.Add((store, claim));
                    break;
                case < 6 when held is [.., var last]:
                    if (random.Next(4) > 0) held.RemoveAt(held.Count - 1);        // else it is settled again, later
                    last.Store.Budgets.Settle(new BudgetSettlement(last.Claim, random.NextInt64(0, last.Claim.Amount + 1), default));
                    break;
                case 6:
                    await SetAsync(random.NextInt64(0, 4000));
                    break;
                default:
                    await TurnAsync(TimeSpan.FromSeconds(random.Next(100)));   // beyond a lease, now and then: the other's are given back
                    break;
            }

            await AuditAsync();
        }

        foreach (var (store, claim) in held) store.Budgets.Settle(new BudgetSettlement(claim, 0, default));
        Assert.All(await AuditAsync(), window => Assert.Equal(0, window.Reserved));
    }

    private Task SetAsync(long limit) => Budgets.SetAsync(new TenantBudget(Tenant, BudgetUnit.VisualTokens, limit, Hour, SoftShare: 1), "me", default).Soon();

    private async Task<BudgetClaim> ReserveAsync(long amount) =>
        (await Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(amount, 0), default).Soon()).Claim!;

    private async Task<IReadOnlyList<AuditedWindow>> AuditAsync()
    {
        var windows = await Budgets.AuditAsync(default).Soon();
        Assert.All(windows, window => Assert.True(window.IsConsistent, $"{window}"));
        return windows;
    }

    private async Task<(long Reserved, long Settled, long Left)> StandsAsync()
    {
        await AuditAsync();
        var (_, balance) = await Budgets.ReserveAsync(Tenant, balance => new BudgetWish<BudgetBalance>(0, balance!), default).Soon();
        return (balance.Reserved, balance.Settled, balance.Available);
    }

    // Only the first store keeps house here: to it, the others are as dead.
    private async Task TurnAsync(TimeSpan time)
    {
        _kept.Clock.Advance(time);
        await _kept.Store.KeepHouseAsync().Soon();
    }
}
