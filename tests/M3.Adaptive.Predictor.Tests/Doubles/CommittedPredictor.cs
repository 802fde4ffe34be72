using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Predictor.Tests.Doubles;

/// <summary>The predictor of the embedded model, as it is committed.</summary>
internal static class CommittedPredictor
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "predictor");

    public static PredictorArtifact Artifact { get; } = PredictorArtifact.Load(Folder);

    public static ModelIdentity Model => Artifact.Manifest.Model;

    public static TrainedPredictor Load(string folder) => TrainedPredictor.Load(folder, Model.Hash);

    /// <summary>What an encoder might tell about some image.</summary>
    public static ImageEvidence Evidence(int seed, int width = 12)
    {
        var random = new Random(seed);
        return new ImageEvidence([0.9f, 0.7f, 0.4f, 0.2f, 0], [.. Enumerable.Range(0, 9 * width).Select(_ => random.NextSingle() - 0.5f)], width);
    }
}
