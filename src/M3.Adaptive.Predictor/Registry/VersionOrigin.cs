using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>Where a version comes from: <c>origin.json</c> in its folder.</summary>
/// <param name="By">Who made it, such as <c>ada@host</c> or <c>key:1f3c</c>.</param>
/// <param name="At">When it was registered.</param>
/// <param name="Why">In a few words, for people.</param>
/// <param name="Parent">The version that it is meant to follow; null for one that came with the model.</param>
/// <param name="Figures">What was measured of it, by name; may be empty.</param>
/// <param name="Gate">Whether it may follow the champion; null while nothing was checked.</param>
/// <param name="CameWithModel">Whether it is the predictor of the model's own folder, which needs no gate.</param>
public sealed record VersionOrigin(
    string By, DateTimeOffset At, string Why, int? Parent, SortedDictionary<string, double> Figures, GateReport? Gate, bool CameWithModel = false)
{
    /// <summary>Why the version may not become champion; null when it may.</summary>
    [JsonIgnore]
    public string? GateFault => CameWithModel || Gate is { Passed: true }
        ? null
        : Gate is null ? "it has not been through the gate" : $"it failed the gate ({Gate.Failures})";
}

/// <summary>One version of a registry, as far as it can be read.</summary>
/// <param name="Number">1 or more; never given twice.</param>
/// <param name="Folder">Where its files lie. They are never changed.</param>
/// <param name="Origin">Null when it cannot be read.</param>
/// <param name="Predictor">The artefact's manifest and version; null when it cannot be read.</param>
/// <param name="Fault">What is wrong with its files; null for none.</param>
public sealed record RegisteredVersion(int Number, string Folder, VersionOrigin? Origin, RegisteredPredictor? Predictor, string? Fault);

/// <summary>What a version's folder holds.</summary>
/// <param name="Version">As <see cref="Artifact.PredictorArtifact.Version"/>.</param>
/// <param name="Training">How it came about.</param>
/// <param name="Prices">What it guarantees and spends; null where no prices were fitted.</param>
public sealed record RegisteredPredictor(string Version, Artifact.TrainingSummary Training, DateTimeOffset TrainedAt, Artifact.FittedPrices? Prices);
