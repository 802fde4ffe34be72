using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Heads;

namespace M3.Adaptive.Predictor.Tests.Doubles;

/// <summary>Predictors with the committed one's heads and another seed in their manifest, and so another version.</summary>
internal static class OtherPredictor
{
    /// <returns>The folder.</returns>
    public static string Save(string folder, int seed)
    {
        var committed = CommittedPredictor.Artifact;
        PredictorArtifact.Of(
            committed.Manifest.Model,
            committed.Manifest.Training with { Seed = seed },
            HeadName.All.ToDictionary(static name => name, name => committed.ContentOf(PredictorArtifact.FileOf(name))),
            PredictorArtifact.Parse(committed.ContentOf(PredictorArtifact.CalibrationFile), ArtifactJson.Default.SortedDictionaryStringPlattScale, "")
                .ToDictionary(static scale => HeadName.All.Single(name => $"{name}" == scale.Key), static scale => scale.Value),
            PredictorArtifact.Parse(committed.ContentOf(PredictorArtifact.UnfamiliarityFile), UnfamiliarityJson.Default.UnfamiliarityModel, ""),
            committed.Manifest.TrainedAt).Save(folder);
        return folder;
    }
}
