using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Drift;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Drift;

public sealed class DriftWatchTests
{
    private static readonly DriftOptions Options = new() { Window = 200, LeastRequests = 100, LeastAudits = 20 };

    private static readonly DriftReference Home = DriftReference.Of([.. Enumerable.Range(0, 1000).Select(i => new ServedRequest([i % 10], VisualScale.Of(9), false, false, 0.9f, i % 10 > 0))]);

    private readonly FakeTimeProvider _clock = new();
    private readonly DriftWatch _watch;
    private int _computed;

    public DriftWatchTests() => _watch = new DriftWatch(
        () =>
        {
            Interlocked.Increment(ref _computed);
            return Home;
        },
        Microsoft.Extensions.Options.Options.Create(Options), _clock);

    [Fact]
    public void Look_UsualTraffic_RaisesNoAlarm()
    {
        for (var i = 0; i < 300; i++) Answer(i % 10, VisualScale.Of(9));

        Assert.Equal(Options.Window, _watch.Look()?.Requests);
        Assert.Empty(_watch.Look()?.Alarms ?? throw new InvalidOperationException("no report"));
    }

    [Fact]
    public void Look_OtherTraffic_RaisesAlarms()
    {
        for (var i = 0; i < 150; i++) Answer(20, VisualScale.Of(144));

        Assert.Equal(["features", "scales"], _watch.Look()?.Alarms.Select(alarm => alarm.Name));
    }

    [Fact]
    public void Look_AuditsSayWrong_RaisesAnAlarm()
    {
        for (var i = 0; i < 150; i++) _watch.Audited(Answer(i % 10, VisualScale.Of(9)), right: i % 2 == 0);

        Assert.Equal(["calibration"], _watch.Look()?.Alarms.Select(alarm => alarm.Name));
    }

    [Fact]
    public void Look_RouteWithoutARun_CountsNothing()
    {
        _watch.Decided(Decision(Guid.NewGuid(), 1) with { Path = [] });

        Assert.Equal(0, _watch.Look()?.Requests);
    }

    [Fact]
    public void Look_PredictorWithoutAReference_SaysNothing() => Assert.Null(new DriftWatch(() => null, Microsoft.Extensions.Options.Options.Create(Options), _clock).Look());

    [Fact]
    public async Task Latest_ManyPagesAskAtOnce_IsComputedOnceUntilItIsOld()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(_watch.Latest)));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Answer(1, VisualScale.Of(9));
        Assert.Equal((1, 0), (_computed, _watch.Latest()?.Requests));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 2), (_watch.Latest()?.Requests, _computed));
    }

    private Guid Answer(float feature, VisualScale scale)
    {
        var id = Guid.NewGuid();
        _watch.Decided(Decision(id, feature));
        _watch.Answered(new GenerateReply
        {
            Text = "",
            Finish = FinishReason.EndOfSequence,
            Path = [new PathStep(scale, StepReason.Quality, null, new Likelihood(0.9f, 0.9f), Cost.Zero)],
            Settled = SettledReason.NoExpectedGain,
            Charged = Cost.Zero,
            Times = new PhaseTimes(default, default, default),
            AlwaysFinest = Cost.Zero,
            Decision = new DecisionReport(id, 1, "m", "p"),
            Image = new ImageHash("h"),
            LogProbability = 0,
            NewTokens = 1,
            TextTokens = 1,
            EncodeFlops = 0,
        });
        return id;
    }

    private static DecisionRecord Decision(Guid id, float feature) => new()
    {
        DecisionId = id,
        At = DateTimeOffset.UnixEpoch,
        RequestId = "",
        ModelVersion = "m",
        PredictorVersion = "p",
        ImageHash = "h",
        Features = [feature],
        Success = [],
        Propensity = 1,
        Path = [new StepRecord(9, "Quality", 0.9f, 0.9f, Cost.Zero)],
        Charged = Cost.Zero,
    };
}
