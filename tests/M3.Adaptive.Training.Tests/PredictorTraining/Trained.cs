using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Tests.OracleLabelling;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

/// <summary>One predictor trained on synthetic labels, shared by the tests that only look at it.</summary>
internal static class Trained
{
    private static readonly Lazy<PredictorArtifact> Shared = new(() => Train(seed: 1));

    public static PredictorTrainingOptions Options { get; } = new() { Rounds = 30, ConfidenceRounds = 30 };

    public static PredictorArtifact Artifact => Shared.Value;

    public static PredictorArtifact Train(int seed) => PredictorTrainer.Train(
        SyntheticLabels.Make("routing", 300, 1), SyntheticLabels.Make("calibration", 200, 2), SyntheticLabels.Model.Hash, Options with { Seed = seed });
}
