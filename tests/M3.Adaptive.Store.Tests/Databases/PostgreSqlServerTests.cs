using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Databases;

/// <summary>A server that is lost and comes back: told clearly, nothing acknowledged is lost, and the store goes on by itself.</summary>
[Collection(PostgreSql.Name)]
public sealed class PostgreSqlServerTests(PostgreSqlCluster cluster) : IAsyncLifetime
{
    private TestStore _kept = null!;                                          // set before each test

    public async Task InitializeAsync()
    {
        _kept = await TestStore.OnAsync(cluster);
        await _kept.OpenAsync();
    }

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Append_ThenRead_GivesTheDecisionBack()
    {
        await _kept.Store.Decisions.AppendAsync(Some.Decision(7), null, default).Soon();
        foreach (var said in Some.Decision(7).Outcomes)
            await _kept.Store.Outcomes.RecordAsync(new OutcomeRecord(Some.Decision(7).DecisionId, Tenants.Default, said.Verdict, said.Reference, said.By), default).Soon();

        Assert.Equivalent(Some.Decision(7), Assert.Single(await _kept.ReadAsync()), strict: true);
    }

    [Fact]
    public async Task Append_ServerStoppedAndStarted_FailsMeanwhileAndHasLostNothing()
    {
        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();
        await cluster.StopAsync();

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => _kept.Store.Decisions.AppendAsync(Some.Decision(2), null, default).Soon());
        await cluster.StartAsync();
        await _kept.Store.Decisions.AppendAsync(Some.Decision(3), null, default).Soon();

        Assert.Contains("PostgreSQL at", fault.Message);
        Assert.Equal([1, 3], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Budget_ServerStoppedInTheMiddle_StaysExactAndLosesNoAcknowledgedSettlement()
    {
        var budget = new TenantBudget("acme", BudgetUnit.VisualTokens, 100_000, TimeSpan.FromHours(1), 1);
        await _kept.Store.Budgets.SetAsync(budget, "me", default).Soon();
        await using var other = _kept.Make();
        long acknowledged = 0, unclear = 0, failed = 0, done = 0;
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(() => SpendAsync(caller % 2 == 0 ? _kept.Store : other))).ToArray();

        await half.Task.Soon();
        await cluster.StopAsync();
        await cluster.StartAsync();
        isBack.SetResult();
        await Task.WhenAll(callers).Soon();
        await _kept.Store.KeepHouseAsync().Soon();
        await other.KeepHouseAsync().Soon();

        var window = Assert.Single(await _kept.Store.Budgets.AuditAsync(default).Soon());
        Assert.True(window.IsConsistent, $"{window}");
        Assert.Equal(0, window.Reserved);
        Assert.InRange(window.Settled, acknowledged, acknowledged + unclear);
        Assert.True(failed > 0);

        async Task SpendAsync(AdaptiveStore store)
        {
            for (var i = 0; i < 60; i++)
            {
                try
                {
                    var (claim, _) = await store.Budgets.ReserveAsync("acme", _ => new BudgetWish<int>(100, 0), default);
                    var settlement = new BudgetSettlement(claim!, 36, default);
                    try
                    {
                        await store.Decisions.AppendAsync(Some.Decision(0) with { DecisionId = Guid.NewGuid() }, settlement, default);
                        Interlocked.Add(ref acknowledged, 36);
                    }
                    catch (StoreUnavailableException)
                    {
                        Interlocked.Add(ref unclear, 36);                     // as serving does: what ran is charged, later
                        store.Budgets.Settle(settlement);
                        throw;
                    }
                }
                catch (StoreUnavailableException)
                {
                    Interlocked.Increment(ref failed);
                    await isBack.Task;
                }

                if (Interlocked.Increment(ref done) == 16 * 20) half.SetResult();
            }
        }
    }
}
