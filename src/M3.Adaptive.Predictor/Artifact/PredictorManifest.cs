using System.Text.Json.Serialization;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Calibration;
using M3.Adaptive.Predictor.Confidence;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Artifact;

/// <summary>Says what a predictor is made of and which model it belongs to: <c>manifest.json</c>.</summary>
/// <param name="Format">Version of the folder's layout.</param>
/// <param name="Model">The only model that it may decide for.</param>
/// <param name="Files">Every other file's name and SHA-256, lower-case hexadecimal.</param>
/// <param name="Training">How it came about.</param>
public sealed record PredictorManifest(int Format, ModelIdentity Model, SortedDictionary<string, string> Files, TrainingSummary Training);

/// <summary>Data, settings and first figures of a training.</summary>
/// <param name="Auroc">Per rung: how well the uncalibrated head orders the calibration items, which it was not fitted on; 0.5, never NaN, when all outcomes are the same.</param>
/// <param name="ConfidenceAuroc">The same for the confidence in whole answers, over all rungs.</param>
/// <param name="FirstTokenAuroc">The same for the confidence in first tokens alone.</param>
public sealed record TrainingSummary(
    int RoutingItems, int CalibrationItems, int Seed, int Rounds, int Depth, double[] Auroc, double ConfidenceAuroc, double FirstTokenAuroc);

/// <summary>Which features the heads were fitted to: <c>features.json</c>.</summary>
internal sealed record FeatureSpec(int Version, int Picture, int Question, int Confidence)
{
    /// <summary>What this program computes.</summary>
    public static FeatureSpec Current { get; } =
        new(PredictorFeatures.Version, PredictorFeatures.ImageCount, PredictorFeatures.QuestionCount, ConfidenceFeatures.Count);
}

/// <summary>One calibrator per rung for heads and for confidences: <c>calibration.json</c>.</summary>
public sealed record Calibrators(IsotonicCalibrator[] Heads, IsotonicCalibrator[] WholeAnswer, IsotonicCalibrator[] FirstToken);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PredictorManifest))]
[JsonSerializable(typeof(FeatureSpec))]
[JsonSerializable(typeof(Calibrators))]
internal sealed partial class ArtifactJson : JsonSerializerContext;
