using System.Security.Cryptography;
using System.Text.Json;
using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Artifact;

/// <summary>
/// A predictor as a folder of JSON files with a manifest of their hashes. Immutable; loading checks every byte, so that
/// a predictor is either the one that was trained or refused.
/// </summary>
public sealed class PredictorArtifact
{
    internal const string ManifestFile = "manifest.json";
    internal const string FeaturesFile = "features.json";
    internal const string CalibrationFile = "calibration.json";
    internal const string ConfidenceFile = "confidence.json";
    private const int Format = 1;
    private const long MaxFileBytes = 64 << 20;

    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private readonly byte[] _manifest;

    private PredictorArtifact(PredictorManifest manifest, byte[] manifestBytes, IReadOnlyDictionary<string, byte[]> files)
    {
        (Manifest, _manifest, _files) = (manifest, manifestBytes, files);
        Version = "p-" + Hash(manifestBytes)[..12];
    }

    public PredictorManifest Manifest { get; }

    /// <summary>Changes when any byte of any file does: the first digits of the manifest's SHA-256.</summary>
    public string Version { get; }

    internal static string HeadFile(VisualScale scale) => $"head-{scale}.json";

    /// <summary>A new predictor of what was just fitted, in memory.</summary>
    /// <param name="model">The only model that it may decide for.</param>
    /// <param name="training">How it came about.</param>
    /// <param name="heads">XGBoost's JSON model of each success head, coarsest first.</param>
    /// <param name="confidence">XGBoost's JSON model of the confidence.</param>
    /// <param name="calibrators">What makes the models' scores probabilities.</param>
    public static PredictorArtifact Of(
        ModelIdentity model, TrainingSummary training, IReadOnlyList<byte[]> heads, byte[] confidence, Calibrators calibrators)
    {
        var files = VisualScale.All.ToDictionary(HeadFile, scale => heads[scale.Rung]);
        files[ConfidenceFile] = confidence;
        files[CalibrationFile] = JsonSerializer.SerializeToUtf8Bytes(calibrators, ArtifactJson.Default.Calibrators);
        files[FeaturesFile] = JsonSerializer.SerializeToUtf8Bytes(FeatureSpec.Current, ArtifactJson.Default.FeatureSpec);
        var hashes = files.ToDictionary(file => file.Key, file => Hash(file.Value));
        var manifest = new PredictorManifest(Format, model, new SortedDictionary<string, string>(hashes, StringComparer.Ordinal), training);
        return new PredictorArtifact(manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, ArtifactJson.Default.PredictorManifest), files);
    }

    /// <exception cref="PredictorException">A file is missing, altered or of another format; the message names it.</exception>
    public static PredictorArtifact Load(string folder)
    {
        if (!File.Exists(Path.Combine(folder, ManifestFile)))
            throw new PredictorException($"{folder} holds no predictor ({ManifestFile} is missing): train one with the predictor command.");
        var bytes = Read(folder, ManifestFile);
        var manifest = Parse(bytes, ArtifactJson.Default.PredictorManifest, Path.Combine(folder, ManifestFile));
        if (manifest.Format != Format) throw new PredictorException($"{folder} is a predictor of format {manifest.Format}; this program reads {Format}.");

        var files = new Dictionary<string, byte[]>();
        foreach (var (name, hash) in manifest.Files)
        {
            if (name != Path.GetFileName(name)) throw new PredictorException($"{folder}/{ManifestFile} names '{name}', which is no plain file name.");
            files[name] = Read(folder, name);
            if (Hash(files[name]) == hash) continue;
            throw new PredictorException(
                $"{Path.Combine(folder, name)} is not the file that {ManifestFile} describes: it was altered or damaged. Train again or restore it.");
        }

        return new PredictorArtifact(manifest, bytes, files);
    }

    /// <summary>Refuses a folder that <see cref="Save"/> may not replace: one that holds anything but a predictor's own files.</summary>
    /// <exception cref="PredictorException">The folder is somebody else's; the message names what it holds and the remedy.</exception>
    public static void CheckReplaceable(string folder)
    {
        if (File.Exists(folder)) throw new PredictorException($"{folder} is a file: name a new folder, or one that holds a predictor.");
        if (!Directory.Exists(folder)) return;
        var own = OwnFiles(folder);
        var foreign = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => !own.Contains(name!));
        if (foreign is not null)
            throw new PredictorException($"{folder} holds {foreign}, which is no part of a predictor, and would be deleted: name a new folder, or one that holds a predictor alone.");
    }

    /// <summary>Writes the folder; a predictor already there is replaced as a whole, and kept when writing fails.</summary>
    /// <exception cref="PredictorException">The folder holds something else (<see cref="CheckReplaceable"/>); nothing was written.</exception>
    public void Save(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        CheckReplaceable(folder);

        // Names of this call's own beside it: what is deleted below was made below.
        var mark = Guid.NewGuid().ToString("N");
        var (unfinished, replaced) = ($"{folder}.{mark}.unfinished", $"{folder}.{mark}.replaced");
        try
        {
            Directory.CreateDirectory(unfinished);
            foreach (var (name, bytes) in _files) File.WriteAllBytes(Path.Combine(unfinished, name), bytes);
            File.WriteAllBytes(Path.Combine(unfinished, ManifestFile), _manifest);
            if (Directory.Exists(folder)) Directory.Move(folder, replaced);
            Directory.Move(unfinished, folder);
        }
        catch
        {
            if (!Directory.Exists(folder) && Directory.Exists(replaced)) Directory.Move(replaced, folder);
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            throw;
        }

        if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
    }

    /// <summary>Names of the manifest and of the files that it lists; none where there is no manifest of ours.</summary>
    private static HashSet<string> OwnFiles(string folder)
    {
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path)) return [];
        try
        {
            return [ManifestFile, .. Parse(Read(folder, ManifestFile), ArtifactJson.Default.PredictorManifest, path).Files.Keys];
        }
        catch (PredictorException)
        {
            return [];                                                            // another program's manifest: nothing here is ours
        }
    }

    internal byte[] ContentOf(string name) => _files.TryGetValue(name, out var bytes)
        ? bytes
        : throw new PredictorException($"Predictor {Version} lacks {name}: train again.");

    internal static T Parse<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new PredictorException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    private static byte[] Read(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists) throw new PredictorException($"{file.FullName} is missing: train again or restore it.");
        if (file.Length > MaxFileBytes) throw new PredictorException($"{file.FullName} has {file.Length} bytes; at most {MaxFileBytes} are expected.");
        return File.ReadAllBytes(file.FullName);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
