using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Decisions;

public sealed class DecisionStoreTests : IAsyncLifetime
{
    private readonly TestStore _kept = new();

    public Task InitializeAsync() => _kept.OpenAsync();

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Append_ThenRead_GivesTheDecisionBack()
    {
        var decision = Some.Decision(7) with { RequestId = "r\n\"é日\0", Tenant = "acme", Outcomes = [] };

        await _kept.Store.Decisions.AppendAsync(decision, null, default).Soon();

        var read = Assert.Single(await _kept.ReadAsync());
        Assert.Equivalent(decision, read, strict: true);
        Assert.Equal(decision.Features, read.Features);
    }

    [Fact]
    public async Task Append_Returned_IsSeenByAnotherProcess()
    {
        await using var other = _kept.Make();

        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();

        Assert.Single(await other.Decisions.ReadAsync(null, null, default).ToListAsync());
    }

    [Fact]
    public async Task Append_ManyAtOnce_KeepsEachOnce()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 50 },
            (i, cancellation) => _kept.Store.Decisions.AppendAsync(Some.Decision(i), null, cancellation)).Soon();

        Assert.Equal(Enumerable.Range(0, 1000), await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Append_ByTwoProcessesAtOnce_KeepsAll()
    {
        await using var other = _kept.Make();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 20 },
            (i, cancellation) => (i % 2 == 0 ? _kept.Store : other).Decisions.AppendAsync(Some.Decision(i), null, cancellation)).Soon();

        Assert.Equal(Enumerable.Range(0, 400), await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Append_SameIdAgain_LeavesTheFirst()
    {
        await _kept.Store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();

        await _kept.Store.Decisions.AppendAsync(Some.Decision(1) with { RequestId = "other" }, null, default).Soon();

        Assert.Equal("r1", Assert.Single(await _kept.ReadAsync()).RequestId);
    }

    [Fact]
    public async Task Append_CancelledBefore_KeepsNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _kept.Store.Decisions.AppendAsync(Some.Decision(1), null, new CancellationToken(canceled: true)).Soon());

        Assert.Empty(await _kept.ReadAsync());
    }

    [Fact]
    public async Task Append_AfterClosing_IsRefused()
    {
        await _kept.Store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _kept.Store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon());
    }

    [Fact]
    public async Task Read_BetweenTwoTimes_GivesTheFirstAndNotTheLast()
    {
        await _kept.Store.Decisions.AddAsync([.. Enumerable.Range(0, 5).Select(Some.Decision)], default).Soon();

        var read = await _kept.Store.Decisions.ReadAsync(Some.Noon.AddSeconds(1), Some.Noon.AddSeconds(3), default).ToListAsync();

        Assert.Equal([1, 2], read.Select(Some.NumberOf));
    }

    [Fact]
    public async Task Forget_BeforeATime_KeepsWhatIsLater()
    {
        await _kept.Store.Decisions.AddAsync([.. Enumerable.Range(0, 2500).Select(Some.Decision)], default).Soon();

        var count = await _kept.Store.Decisions.ForgetAsync(Some.Noon.AddSeconds(2498), default).Soon();

        Assert.Equal(2498, count);
        Assert.Equal([2498, 2499], await _kept.NumbersAsync());
    }
}
