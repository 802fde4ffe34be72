using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.Store.Trials;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Trials;

public sealed class SqliteTrialTests() : TrialStoreTests(null);

[Collection(PostgreSql.Name)]
public sealed class PostgreSqlTrialTests(PostgreSqlCluster cluster) : TrialStoreTests(cluster);

/// <summary>The same figures on both databases.</summary>
public abstract class TrialStoreTests(PostgreSqlCluster? cluster) : IAsyncLifetime
{
    private TestStore _kept = null!;                                          // set before each test

    public async Task InitializeAsync()
    {
        _kept = await TestStore.OnAsync(cluster);
        await _kept.OpenAsync();
    }

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Compare_AnswersOfBoth_AddsUpChargesAndVerdicts()
    {
        await KeepAsync(1, PredictorAlias.Champion, "p-1", 10, Verdict.Right);
        await KeepAsync(2, PredictorAlias.Champion, "p-1", 30, Verdict.Right, Verdict.Wrong);
        await KeepAsync(3, PredictorAlias.Champion, "p-1", 20, Verdict.Unknown);
        await KeepAsync(4, PredictorAlias.Challenger, "p-2", 144, Verdict.Right);

        var figures = await CompareAsync();

        Assert.Equal((3, 20, 2, 1), (figures.Champion.Answers, figures.Champion.MeanVisualTokens, figures.Champion.Outcomes, figures.Champion.Right));
        Assert.Equal(Math.Sqrt(200.0 / 3), figures.Champion.Deviation, 6);
        Assert.Equal(new TrialArm(1, 144, 0, 1, 1), figures.Challenger);
    }

    [Fact]
    public async Task Compare_WhatIsOfNoTrial_IsLeftOut()
    {
        await KeepAsync(-1, PredictorAlias.Champion, "p-1", 10, Verdict.Right);     // before it began
        await KeepAsync(1, PredictorAlias.Champion, "p-0", 10, Verdict.Right);      // another predictor
        await KeepAsync(2, PredictorAlias.Champion, "p-1", 0, Verdict.Right);       // only routed, nothing ran
        await KeepAsync(3, PredictorAlias.Champion, "p-2", 10, Verdict.Right);      // promoted meanwhile

        Assert.Equal(new TrialFigures(TrialArm.Empty, TrialArm.Empty), await CompareAsync());
    }

    private Task<TrialFigures> CompareAsync() => _kept.Store.Trials.CompareAsync("p-1", "p-2", Some.Noon, default).Soon();

    private async Task KeepAsync(int number, PredictorAlias alias, string predictor, long tokens, params Verdict[] said)
    {
        var decision = Some.Decision(Math.Abs(number)) with { At = Some.Noon.AddSeconds(number), Alias = alias, PredictorVersion = predictor, Charged = new Cost(tokens, 1, 1) };
        await _kept.Store.Decisions.AppendAsync(decision, null, default).Soon();
        foreach (var (verdict, i) in said.Select(static (verdict, i) => (verdict, i)))
            await _kept.Store.Outcomes.RecordAsync(new OutcomeRecord(decision.DecisionId, decision.Tenant, verdict, null, $"said-{i}"), default).Soon();
    }
}
