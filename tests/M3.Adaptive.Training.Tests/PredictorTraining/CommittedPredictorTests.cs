using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

/// <summary>Weights, labels and predictor of the shipped model belong together.</summary>
public sealed class CommittedPredictorTests
{
    [Fact]
    public void Manifest_OfTheShippedPredictor_NamesTheShippedLabelsAndWeights()
    {
        var manifest = PredictorArtifact.Load(Path.Combine(ShippedModel.Folder, "predictor")).Manifest;
        using var checkpoint = CheckpointFolder.Open(ShippedModel.Folder);

        Assert.Equal(checkpoint.Identify(), manifest.Model);
        Assert.Equal((HashOf("routing"), HashOf("calibration")), (manifest.Training.RoutingHash, manifest.Training.CalibrationHash));

        static string HashOf(string split) => LabelFile.Hash(LabelFile.Load(Path.Combine(ShippedModel.Folder, "labels", LabelFile.NameOf(split))));
    }
}
