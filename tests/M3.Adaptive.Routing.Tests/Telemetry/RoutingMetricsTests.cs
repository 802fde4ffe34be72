using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Telemetry;

public sealed class RoutingMetricsTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Answered_AfterAnEscalation_CountsEveryStepAndTheSum()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = scale => scale.Tokens == 9 ? 0.1f : 0.9f;
        using var decisions = Collect("m3.routing.decisions");
        using var escalations = Collect("m3.routing.escalations");
        using var answers = Collect("m3.routing.answers");
        using var charged = Collect("m3.routing.charged_visual_tokens");

        await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal([("scale", 9), ("reason", "Quality")], TagsOf(decisions));
        Assert.Equal([("scale", 576), ("reason", "Value")], TagsOf(escalations));
        Assert.Equal([("scale", 576), ("settled", "Finest")], TagsOf(answers));
        Assert.Equal(585, Assert.Single(charged.GetMeasurementSnapshot()).Value);
    }

    [Fact]
    public async Task Answered_UnfamiliarRequest_IsCountedOnceAndSoDoesStatus()
    {
        using var unfamiliar = Collect("m3.routing.unfamiliar");
        await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36), id: "r1"));
        _bench.Predictor.Unfamiliar = true;

        await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36), id: "r2"));
        await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36), id: "r2"));

        Assert.Equal([("scale", 36)], TagsOf(unfamiliar));
        Assert.Equal(new StatusReply(Answers: 2, Unfamiliar: 1), await _bench.SendAsync(new StatusQuery()));
    }

    [Fact]
    public async Task Answered_WithinTheFinest_SavesTheDifferenceAndCountsTokensByModality()
    {
        using var saved = Collect("m3.tokens.saved");
        using var tokens = Collect("m3.tokens");

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36)));

        Assert.Equal(576 - 36, Assert.Single(saved.GetMeasurementSnapshot()).Value);
        var byKind = tokens.GetMeasurementSnapshot().ToDictionary(sample => $"{sample.Tags["modality"]} {sample.Tags["type"]}", sample => sample.Value);
        Assert.Equal((36, reply.NewTokens), (byKind["visual input"], byKind["text output"]));
    }

    [Fact]
    public async Task Answered_PastTheSoftLimit_TellsWhatIsLeftAndTheCeiling()
    {
        _bench.Budgets.Budget = FakeLedger.Tokens(1000) with { SoftShare = 0.5 };
        _bench.Budgets.Settled = 600;
        using var left = Collect("m3.budget.left");
        using var brownouts = Collect("m3.budget.brownouts");

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(400 - reply.Charged.VisualTokens, Assert.Single(left.GetMeasurementSnapshot()).Value);
        Assert.Equal(reply.Budget?.Ceiling?.Tokens, Assert.Single(brownouts.GetMeasurementSnapshot()).Tags["ceiling"]);
    }

    [Fact]
    public async Task Stages_OfAnAnswer_AreTimedOnceEach()
    {
        using var stages = new MetricCollector<double>(_bench.Meters, RoutingMetrics.Name, "m3.stage.duration");

        await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(["encode", "route", "store"], stages.GetMeasurementSnapshot().Select(sample => sample.Tags["stage"]));
    }

    [Fact]
    public async Task Decided_RefusedByTheCap_CountsNothing()
    {
        using var decisions = Collect("m3.routing.decisions");

        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(RoutingBench.Ask(flops: 1000)));

        Assert.Empty(decisions.GetMeasurementSnapshot());
    }

    private MetricCollector<long> Collect(string instrument) => new(_bench.Meters, RoutingMetrics.Name, instrument);

    private static (string Name, object? Value)[] TagsOf(MetricCollector<long> collector) =>
        [.. Assert.Single(collector.GetMeasurementSnapshot()).Tags.Select(tag => (tag.Key, tag.Value)).OrderByDescending(tag => tag.Key == "scale")];
}
