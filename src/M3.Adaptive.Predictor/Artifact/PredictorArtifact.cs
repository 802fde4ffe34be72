using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Predictor.Unfamiliarity;

namespace M3.Adaptive.Predictor.Artifact;

/// <summary>
/// A predictor as a folder: models of Microsoft.ML, JSON, and a manifest of their hashes. Immutable; loading checks every byte, so that
/// a predictor is either the one that was trained or refused.
/// </summary>
public sealed class PredictorArtifact
{
    internal const string ManifestFile = "manifest.json";
    internal const string FeaturesFile = "features.json";
    internal const string CalibrationFile = "calibration.json";
    internal const string UnfamiliarityFile = "unfamiliarity.json";
    internal const string PricesFile = "prices.json";
    internal const string DriftFile = "drift.json";
    private const int Format = 3;
    private const long MaxFileBytes = 64 << 20;

    private readonly IReadOnlyDictionary<string, byte[]> _files;

    private PredictorArtifact(PredictorManifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        (Manifest, _files) = (manifest, files);
        Version = "p-" + Hash(Serialize(manifest with { TrainedAt = default }))[..12];
    }

    public PredictorManifest Manifest { get; }

    /// <summary>The first digits of a SHA-256 of everything but the time of training: the same labels, settings and seed give the same version.</summary>
    public string Version { get; }

    internal static string FileOf(HeadName head) => $"{head}.zip";

    /// <summary>What prices are bound to: SHA-256 of the model's hash and of every file's but theirs and what is only compared with later traffic.</summary>
    public string PricedContent => Hash(Encoding.UTF8.GetBytes(
        string.Join('\n', Manifest.Files.Where(file => file.Key is not (PricesFile or DriftFile)).Select(file => $"{file.Key} {file.Value}").Prepend(Manifest.Model.Hash))));

    /// <summary>A new predictor of what was just fitted, in memory and without prices.</summary>
    /// <param name="model">The only model that it may decide for.</param>
    /// <param name="training">How it came about.</param>
    /// <param name="heads">Each head as <see cref="HeadFile.Write"/> gives it.</param>
    /// <param name="calibration">What makes each head's score a probability.</param>
    public static PredictorArtifact Of(
        ModelIdentity model,
        TrainingSummary training,
        IReadOnlyDictionary<HeadName, byte[]> heads,
        IReadOnlyDictionary<HeadName, PlattScale> calibration,
        UnfamiliarityModel unfamiliarity,
        DateTimeOffset trainedAt)
    {
        var files = heads.ToDictionary(head => FileOf(head.Key), head => head.Value);
        files[CalibrationFile] = JsonSerializer.SerializeToUtf8Bytes(
            new SortedDictionary<string, PlattScale>(calibration.ToDictionary(head => $"{head.Key}", head => head.Value), StringComparer.Ordinal),
            ArtifactJson.Default.SortedDictionaryStringPlattScale);
        files[FeaturesFile] = JsonSerializer.SerializeToUtf8Bytes(FeatureSpec.Current, ArtifactJson.Default.FeatureSpec);
        files[UnfamiliarityFile] = JsonSerializer.SerializeToUtf8Bytes(unfamiliarity, UnfamiliarityJson.Default.UnfamiliarityModel);
        return Of(new PredictorManifest(Format, model, [], training, trainedAt), files);
    }

    /// <summary>The same predictor with these prices instead of any that it had.</summary>
    public PredictorArtifact With(FittedPrices prices) => With(PricesFile, JsonSerializer.SerializeToUtf8Bytes(prices, ArtifactJson.Default.FittedPrices));

    /// <summary>The same predictor with this to compare later traffic with.</summary>
    public PredictorArtifact With(DriftReference home) => With(DriftFile, JsonSerializer.SerializeToUtf8Bytes(home, DriftJson.Default.DriftReference));

    /// <summary>What traffic looked like when it was made; null for a predictor of a program that kept nothing of it.</summary>
    /// <exception cref="PredictorException">It is damaged.</exception>
    public DriftReference? Home() => _files.TryGetValue(DriftFile, out var bytes) ? Parse(bytes, DriftJson.Default.DriftReference, DriftFile) : null;

    /// <summary>The prices; null where none were fitted yet.</summary>
    /// <exception cref="PredictorException">They were fitted to another predictor or model.</exception>
    public FittedPrices? Prices()
    {
        if (!_files.TryGetValue(PricesFile, out var bytes)) return null;
        var prices = Parse(bytes, ArtifactJson.Default.FittedPrices, PricesFile);
        return prices.Predictor == PricedContent
            ? prices
            : throw new PredictorException($"{PricesFile} was fitted to another predictor or model, so what it guarantees is void: train again.");
    }

    private PredictorArtifact With(string name, byte[] bytes) => Of(Manifest, _files.Where(file => file.Key != name).Append(new(name, bytes)).ToDictionary());

    private static PredictorArtifact Of(PredictorManifest manifest, IReadOnlyDictionary<string, byte[]> files) => new(
        manifest with { Files = new(files.ToDictionary(file => file.Key, file => Hash(file.Value)), StringComparer.Ordinal) }, files);

    /// <exception cref="PredictorException">A file is missing, altered or of another format; the message names it.</exception>
    public static PredictorArtifact Load(string folder)
    {
        if (!File.Exists(Path.Combine(folder, ManifestFile)))
            throw new PredictorException($"{folder} holds no predictor ({ManifestFile} is missing): train one with the predictor command.");
        var bytes = Read(folder, ManifestFile);
        var path = Path.Combine(folder, ManifestFile);
        if (Parse(bytes, ArtifactJson.Default.FormatOnly, path).Format is var format && format != Format)
        {
            var remedy = format > Format ? "a later program wrote it: update this one, or train again" : "train again";
            throw new PredictorException($"{folder} is a predictor of format {format}; this program reads {Format}: {remedy}.");
        }

        var manifest = Parse(bytes, ArtifactJson.Default.PredictorManifest, path);

        var files = new Dictionary<string, byte[]>();
        foreach (var (name, hash) in manifest.Files)
        {
            if (name != Path.GetFileName(name)) throw new PredictorException($"{folder}/{ManifestFile} names '{name}', which is no plain file name.");
            files[name] = Read(folder, name);
            if (Hash(files[name]) == hash) continue;
            throw new PredictorException(
                $"{Path.Combine(folder, name)} is not the file that {ManifestFile} describes: it was altered or damaged. Train again or restore it.");
        }

        return new PredictorArtifact(manifest, files);
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
            File.WriteAllBytes(Path.Combine(unfinished, ManifestFile), Serialize(Manifest));
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
            return [ManifestFile, .. Parse(Read(folder, ManifestFile), ArtifactJson.Default.FileList, path).Files.Keys];
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

    private static byte[] Serialize(PredictorManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, ArtifactJson.Default.PredictorManifest);

    private static byte[] Read(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists) throw new PredictorException($"{file.FullName} is missing: train again or restore it.");
        if (file.Length > MaxFileBytes) throw new PredictorException($"{file.FullName} has {file.Length} bytes; at most {MaxFileBytes} are expected.");
        return File.ReadAllBytes(file.FullName);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
