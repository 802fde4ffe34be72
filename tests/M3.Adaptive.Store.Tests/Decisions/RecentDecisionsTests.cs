using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Decisions;

public sealed class RecentDecisionsTests : IAsyncLifetime
{
    private readonly TestStore _kept = new();

    public async Task InitializeAsync()
    {
        await _kept.OpenAsync();
        foreach (var i in Enumerable.Range(0, 6)) await _kept.Store.Decisions.AppendAsync(Decision(i), null, default).Soon();
    }

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task List_OfEverybody_IsTheNewestFirst()
    {
        var listed = await _kept.Store.Recent.ListAsync(tenant: null, count: 4, default);

        Assert.Equal([Decision(5).DecisionId, Decision(4).DecisionId, Decision(3).DecisionId, Decision(2).DecisionId], listed.Select(static one => one.Id));
    }

    [Fact]
    public async Task List_OfATenant_HoldsItsOwnWithPathAndOutcomes()
    {
        await _kept.Store.Outcomes.RecordAsync(new OutcomeRecord(Decision(3).DecisionId, "odd", Verdict.Wrong, Reference: null, By: "key:1"), default);

        var listed = await _kept.Store.Recent.ListAsync("odd", count: 10, default);

        Assert.Equal([Decision(5).DecisionId, Decision(3).DecisionId, Decision(1).DecisionId], listed.Select(static one => one.Id));
        Assert.Equal(Decision(3).Path, listed[1].Path);
        Assert.Equal([new SaidOutcome("key:1", Verdict.Wrong, null)], listed[1].Outcomes);
    }

    [Fact]
    public async Task Find_OfAnotherTenant_IsNothing()
    {
        var id = Decision(2).DecisionId;

        Assert.Null(await _kept.Store.Recent.FindAsync(id, "odd", default));
        Assert.Equal(Decision(2).Features, (await _kept.Store.Recent.FindAsync(id, "even", default))?.Features);
        Assert.Equal(id, (await _kept.Store.Recent.FindAsync(id, tenant: null, default))?.DecisionId);
    }

    private static DecisionRecord Decision(int i) => Some.Decision(i) with { Tenant = i % 2 == 0 ? "even" : "odd" };
}
