using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Time;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Tests.Outcomes;

public sealed class OutcomeStoreTests : IAsyncLifetime
{
    private readonly TestStore _kept = new();

    private static OutcomeRecord Right => new(Some.Decision(1).DecisionId, Tenants.Default, Verdict.Right, null, "me");

    public async Task InitializeAsync() => await (await _kept.OpenAsync()).Decisions.AppendAsync(Some.Decision(1), null, default).Soon();

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Record_SameAgain_IsOne()
    {
        var first = await _kept.Store.Outcomes.RecordAsync(Right, default).Soon();
        var second = await _kept.Store.Outcomes.RecordAsync(Right, default).Soon();

        Assert.Equal((144, 0.75f, null), (first?.Last?.VisualTokens, first?.Last?.Confidence, first?.Before));
        Assert.Equal(Verdict.Right, second?.Before);

        Assert.Equal(["me Right"], await SaidAsync());
    }

    [Fact]
    public async Task Record_ChangeOfMind_IsTheLaterAndOthersKeepTheirSay()
    {
        await _kept.Store.Outcomes.RecordAsync(Right, default).Soon();
        await _kept.Store.Outcomes.RecordAsync(Right with { By = "you" }, default).Soon();

        await _kept.Store.Outcomes.RecordAsync(Right with { Verdict = Verdict.Unknown, Reference = "blue" }, default).Soon();

        Assert.Equal(["me Unknown blue", "you Right"], await SaidAsync());
    }

    [Fact]
    public async Task Record_OfNoDecisionOfThatTenant_IsRefused()
    {
        Assert.Null(await _kept.Store.Outcomes.RecordAsync(Right with { Tenant = "other" }, default).Soon());
        Assert.Null(await _kept.Store.Outcomes.RecordAsync(Right with { DecisionId = Guid.NewGuid() }, default).Soon());

        Assert.Empty(await SaidAsync());
    }

    [Fact]
    public async Task Forget_Decision_GoesWithItsOutcomes()
    {
        await _kept.Store.Outcomes.RecordAsync(Right, default).Soon();

        await _kept.Store.Decisions.ForgetAsync(Some.Noon.AddDays(1), default).Soon();

        Assert.Empty(await SaidAsync());
    }

    private async Task<IEnumerable<string>> SaidAsync()
    {
        await using var context = _kept.File.CreateContext();
        return (await context.Outcomes.OrderBy(row => row.SaidBy).ToListAsync().Soon()).Select(row => $"{row.SaidBy} {(Verdict)row.Verdict} {row.Reference}".TrimEnd());
    }
}
