using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Tests.OracleLabelling;
using M3.Adaptive.Training.Tests.PredictorTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Router;

public sealed class RouterReplayTests
{
    private static readonly LabelTable Test = SyntheticLabels.Make("test", 150, 3);

    private static readonly TrainedPredictor Predictor = Trained.Predictor;

    [Fact]
    public void Run_FixedScale_LooksItsAnswersUp()
    {
        var replayed = Run(new RoutingWish { Policy = new PolicyWish.Fixed(36) });

        Assert.All(replayed, item => Assert.Equal([VisualScale.Of(36)], item.Path));
        Assert.Equal(Test.Items.Select(item => item.Outcomes[2].Right), replayed.Select(item => item.Right));
        Assert.All(replayed, item => Assert.Equal(36, item.Charged.VisualTokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(600)]
    public void Run_Capped_NeverExceedsTheCap(int cap) =>
        Assert.All(Run(new RoutingWish { Caps = new(cap, null) }), item => Assert.True(item.Charged.VisualTokens <= cap));

    [Fact]
    public void Run_Escalating_ChargesEveryStep() =>
        Assert.All(Run(RoutingWish.Default), item => Assert.Equal(item.Path.Sum(scale => scale.Tokens), item.Charged.VisualTokens));

    [Fact]
    public void Of_KnownLaw_IsNearlyAsGoodAsTheFinestForAFractionOfItsTokens()
    {
        var report = PredictorReport.Of(Test, Predictor, new RoutingOptions { Risk = 0.05 }, new EscalationOptions());

        Assert.True(report.Quality.Accuracy > report.Quality.AccuracyFinest - 0.05, report.ToString());
        Assert.True(report.Quality.VisualTokenShare < 0.5, report.ToString());
        Assert.True(report.Quality.Accuracy > report.Baselines["1"].Accuracy + 0.1);
        Assert.Equal(report.Quality.AccuracyFinest, report.Baselines["576"].Accuracy);
        Assert.Equal(1.0, report.Baselines["576"].VisualTokenShare);
        Assert.True(report.Baselines["oracle"].Accuracy >= report.Quality.Accuracy);
        Assert.True(report.Escalation.Rate > 0 && report.Escalation.Precision > 0.5, report.Escalation.ToString());
    }

    [Fact]
    public void Of_RiskThatTheFewLabelsDoNotBearOut_IsTheFinestScaleAlways()
    {
        var report = PredictorReport.Of(Test, Predictor, new RoutingOptions { Risk = 0.0025 }, new EscalationOptions());

        Assert.Equal((report.Quality.AccuracyFinest, 1.0), (report.Quality.Accuracy, report.Quality.VisualTokenShare));
    }

    [Fact]
    public void Of_EscalationOff_EscalatesNothing()
    {
        var report = PredictorReport.Of(Test, Predictor, new RoutingOptions(), new EscalationOptions { Enabled = false });

        Assert.Equal(new EscalationReport(0, 0, 0, 0), report.Escalation);
    }

    private static IReadOnlyList<ReplayedItem> Run(RoutingWish wish) =>
        RouterReplay.Run(Test, Predictor, WishResolver.Resolve(wish, new RoutingOptions(), new EscalationOptions(), Predictor.Prices));
}
