using System.Text.Json.Serialization;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Predictor.Unfamiliarity;

namespace M3.Adaptive.Predictor.Artifact;

/// <summary>Says what a predictor is made of and which model it belongs to: <c>manifest.json</c>.</summary>
/// <param name="Format">Version of the folder's layout.</param>
/// <param name="Model">The only model that it may decide for.</param>
/// <param name="Files">Every other file's name and SHA-256, lower-case hexadecimal.</param>
/// <param name="Training">How it came about.</param>
/// <param name="TrainedAt">When; the one thing that does not change the version.</param>
public sealed record PredictorManifest(
    int Format, ModelIdentity Model, SortedDictionary<string, string> Files, TrainingSummary Training, DateTimeOffset TrainedAt);

/// <summary>Data, settings and first figures of a training.</summary>
/// <param name="RoutingHash">SHA-256 of the label table that the heads were fitted to.</param>
/// <param name="CalibrationHash">SHA-256 of the label table that calibrated them.</param>
/// <param name="Auroc">Per head: how well it orders the calibration items, which it was not fitted to; 0.5, never NaN, when all outcomes are the same.</param>
public sealed record TrainingSummary(
    int RoutingItems,
    int CalibrationItems,
    string RoutingHash,
    string CalibrationHash,
    int Seed,
    int Trees,
    int Leaves,
    SortedDictionary<string, double> Auroc);

/// <summary>Which features the heads were fitted to: <c>features.json</c>.</summary>
/// <param name="Version">Changes whenever a number in a row would.</param>
/// <param name="Picture">Numbers of a picture, of which the first few go into the prior heads and all into the unfamiliarity.</param>
/// <param name="Prior">Length of a prior head's row.</param>
/// <param name="After">Length of the row of a head after a run.</param>
internal sealed record FeatureSpec(int Version, int Picture, int Question, int Prior, int After)
{
    /// <summary>What this program computes.</summary>
    public static FeatureSpec Current { get; } = new(
        HeadFeatures.Version, PredictorFeatures.ImageCount, PredictorFeatures.QuestionCount, HeadFeatures.PriorCount, HeadFeatures.AfterCount);
}

/// <summary>What a manifest of any format has: read first, as the rest may differ.</summary>
internal sealed record FormatOnly(int Format);

/// <summary>What tells which files belong to a predictor of any format.</summary>
internal sealed record FileList(int Format, ModelIdentity Model, Dictionary<string, string> Files);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PredictorManifest))]
[JsonSerializable(typeof(FormatOnly))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(FeatureSpec))]
[JsonSerializable(typeof(FittedPrices))]
[JsonSerializable(typeof(SortedDictionary<string, PlattScale>))]
internal sealed partial class ArtifactJson : JsonSerializerContext;

/// <summary>Thousands of numbers: without white space.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(UnfamiliarityModel))]
internal sealed partial class UnfamiliarityJson : JsonSerializerContext;
