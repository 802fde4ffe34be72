using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining.Demonstration;
using Xunit;

namespace M3.Adaptive.Training.Tests.Retraining.Demonstration;

/// <summary>The whole round of a retraining, with small trees: store, outcomes, audits, evidence, training, gate, registry.</summary>
public sealed class RetrainStoryTests
{
    [Fact]
    public async Task Run_TrafficThatShifts_IsNoticedAndFollowedAndPoisonIsNot()
    {
        using var state = new TemporaryFolder();
        using var checkpoint = CheckpointFolder.Open(ShippedModel.Folder);
        List<StoryStep> told = [];
        var story = new RetrainStory(
            checkpoint.Identify(), ["▁what", "▁is", "▁the"], StoryLabels.Of(Updates.Routing, Updates.Calibration, Updates.Labels("test")), Updates.Shipped,
            new PredictorTrainingOptions { Trees = 20, Folds = 2 }, state.Path, told.Add, CancellationToken.None);

        var report = await story.RunAsync();

        Assert.True(report.DriftAlarmed, string.Join(", ", report.Alarms));
        Assert.True(report.GatePassed, string.Join(Environment.NewLine, told));
        Assert.True(report.PoisonRefused, string.Join(", ", report.PoisonFailed));
        Assert.True(report.Items >= 3000);
        Assert.InRange(report.RecoveredWithinPoints, -5, 1);                     // with all trees: 0.3
        Assert.True(report.LostWithout > Math.Max(1, report.RecoveredWithinPoints), $"{report.LostWithout}");   // measured 1.7, with all trees 2.4
        Assert.Equal(told, report.Steps);
        var registry = PredictorRegistry.Open(state.Path, checkpoint.Identify(), TimeProvider.System);
        Assert.Equal((2, null), (registry.Aliases().Champion, registry.Aliases().Challenger));
        Assert.Equal(3, registry.List().Count);
        Assert.Contains("<svg", StoryPage.Html(report), StringComparison.Ordinal);
    }
}
