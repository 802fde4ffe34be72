using M3.Adaptive.CommandLine;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Training.Tests.Retraining;

/// <summary>Predictors trained on parts of the committed labels, as they are or spoilt: small, so that each takes a second or two.</summary>
internal static class Updates
{
    public static string ModelHash => Routing.Header.Model.Hash;

    public static LabelTable Routing { get; } = Labels("routing");

    public static LabelTable Calibration { get; } = Labels("calibration");

    public static TrainedPredictor Shipped { get; } = TrainedPredictor.Load(Path.Combine(ShippedModel.Folder, "predictor"), ModelHash);

    public static LabelTable Labels(string split) => LabelFile.Load(Path.Combine(ShippedModel.Folder, "labels", LabelFile.NameOf(split)));

    public static LabelTable First(LabelTable table, int items) => table with { Items = [.. table.Items.Take(items)] };

    public static LabelTable Families(LabelTable table, params string[] families) => table with { Items = [.. table.Items.Where(item => families.Contains(item.Family))] };

    /// <summary>The same questions with other outcomes.</summary>
    public static LabelTable Relabelled(LabelTable table, Func<LabelItem, int, bool> right) => table with
    {
        Items = [.. table.Items.Select(item => item with { Outcomes = [.. item.Outcomes.Select((outcome, rung) => outcome with { Right = right(item, rung) })] })],
    };

    public static PredictorArtifact Train(LabelTable routing, LabelTable calibration) => PredictorTrainer.Train(
        routing, calibration, ModelHash, ["▁what", "▁is", "▁the"], new PredictorTrainingOptions { Trees = 15, Folds = 2 }, new FakeTimeProvider());

    public static TrainedPredictor Trained(LabelTable routing, LabelTable calibration) => new(Train(routing, calibration), ModelHash);
}
