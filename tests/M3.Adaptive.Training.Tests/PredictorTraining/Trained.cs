using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

/// <summary>One predictor trained on synthetic labels, shared by the tests that only look at it.</summary>
internal static class Trained
{
    private static readonly Lazy<PredictorArtifact> Shared = new(() => Train(seed: 1));

    private static readonly Lazy<TrainedPredictor> SharedPredictor = new(() => new TrainedPredictor(Artifact, SyntheticLabels.Model.Hash));

    public static PredictorTrainingOptions Options { get; } = new() { Trees = 30, Folds = 2 };

    public static PredictorArtifact Artifact => Shared.Value;

    public static TrainedPredictor Predictor => SharedPredictor.Value;

    public static PredictorArtifact Train(int seed) =>
        Train(SyntheticLabels.Make("routing", 300, 1), SyntheticLabels.Make("calibration", 200, 2), Options with { Seed = seed });

    public static PredictorArtifact Train(
        LabelTable routing, LabelTable calibration, PredictorTrainingOptions? options = null, string? modelHash = null, CancellationToken cancellation = default) =>
        PredictorTrainer.Train(
            routing, calibration, modelHash ?? SyntheticLabels.Model.Hash, ["▁what", "▁sign", "▁the"], options ?? Options, new FakeTimeProvider(), cancellation: cancellation);
}
