using M3.Adaptive.Core;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Tests.OracleLabelling;
using M3.Adaptive.Training.Tests.PredictorTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.Replay;

public sealed class EpisodeRouterTests
{
    private static readonly LabelTable Test = SyntheticLabels.Make("test", 150, 3);

    private static readonly Forecasts Forecast = Forecasts.Of(Test, Trained.Predictor);

    [Fact]
    public void Route_FixedScale_LooksItsAnswersUp()
    {
        var routed = Run(new RoutingWish { Policy = new PolicyWish.Fixed(36) });

        Assert.All(routed, item => Assert.Equal(ScalePath.Of(VisualScale.Of(36)), item.Path));
        Assert.Equal(Test.Items.Select(item => item.Outcomes[2].Right), routed.Select(item => item.Right));
        Assert.All(routed, item => Assert.Equal(36, item.Charged.VisualTokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(600)]
    public void Route_Capped_NeverExceedsTheCap(int cap) =>
        Assert.All(Run(new RoutingWish { Caps = new(cap, null) }), item => Assert.True(item.Charged.VisualTokens <= cap));

    [Fact]
    public void Route_Escalating_ChargesEveryRun() => Assert.All(
        Run(RoutingWish.Default), item => Assert.Equal(VisualScale.All.Where(item.Path.Holds).Sum(scale => scale.Tokens), item.Charged.VisualTokens));

    [Fact]
    public void Route_RiskThatTheFewLabelsDoNotBearOut_IsTheFinestScaleAlways() => Assert.All(
        Run(new RoutingWish { Policy = new PolicyWish.Quality(0.0025) }), item => Assert.Equal(ScalePath.Of(VisualScale.Finest), item.Path));

    [Fact]
    public void Route_EscalationOff_RunsOnce() =>
        Assert.All(Run(RoutingWish.Default with { Escalation = new(false, null) }), item => Assert.Equal(1, item.Path.Count));

    private static Routed[] Run(RoutingWish wish) =>
        Routed.All(Test, new EpisodeRouter(Forecast, WishResolver.Resolve(wish, new RoutingOptions(), new EscalationOptions(), Trained.Predictor.Prices)));
}
