using System.Security.Cryptography;
using System.Text.Json.Nodes;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.TestKit.Serving.Checkpoints;

/// <summary>
/// Predictors for a tiny checkpoint: the shipped ones' heads and prices, bound to its hash. What they say of its gibberish means nothing, but they load, decide and differ in version.
/// </summary>
public sealed class TinyPredictors
{
    private const string Manifest = "manifest.json", Prices = "prices.json";
    private static readonly string Shipped = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "predictor");

    private readonly ModelIdentity _model;
    private readonly string _own;

    /// <summary>Puts the first one into the checkpoint's own folder.</summary>
    public TinyPredictors(TinyCheckpoint checkpoint)
    {
        using (var folder = CheckpointFolder.Open(checkpoint.Folder)) _model = folder.Identify();
        _own = Path.Combine(checkpoint.Folder, "predictor");
        First = Write(_own, seed: 1);
    }

    /// <summary>SHA-256 of the checkpoint.</summary>
    public string ModelHash => _model.Hash;

    /// <summary>Version of the one in the checkpoint's own folder.</summary>
    public string First { get; }

    /// <summary>Registers a further one in a state folder, behind the first, which a service would have taken in.</summary>
    /// <param name="seed">Another one is another version.</param>
    /// <param name="passed">Whether it passed the gate.</param>
    public (int Number, string Version) Register(string stateFolder, int seed, bool passed = true)
    {
        using var folder = new TemporaryFolder();
        var made = folder.Combine("made");
        var version = Write(made, seed);
        var gate = new GateReport([new GateCheck("accuracy at equal cost", passed ? 0.01 : -0.2, 0, passed)]);
        var origin = new VersionOrigin("ada", TimeProvider.System.GetUtcNow(), "drift", Parent: 1, new() { ["accuracy"] = 0.9 }, gate);
        var registry = RegistryOf(stateFolder);
        registry.TakeIn(_own, "m3");
        return (registry.Add(made, origin), version);
    }

    /// <summary>The registry that a service keeps in a state folder.</summary>
    public PredictorRegistry RegistryOf(string stateFolder) => PredictorRegistry.Open(stateFolder, _model, TimeProvider.System);

    private string Write(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        var manifest = Parse(Path.Combine(Shipped, Manifest));
        manifest["model"] = new JsonObject { ["name"] = _model.Name, ["hash"] = _model.Hash, ["version"] = _model.Version };
        manifest["training"]!["seed"] = seed;
        var files = manifest["files"]!.AsObject();
        foreach (var (name, _) in files) File.Copy(Path.Combine(Shipped, name), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, Manifest), $"{manifest}");

        // Prices are bound to the model, too.
        var prices = Parse(Path.Combine(Shipped, Prices));
        prices["predictor"] = PredictorArtifact.Load(folder).PricedContent;
        File.WriteAllText(Path.Combine(folder, Prices), $"{prices}");
        files[Prices] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, Prices))));
        File.WriteAllText(Path.Combine(folder, Manifest), $"{manifest}");
        return PredictorArtifact.Load(folder).Version;
    }

    private static JsonNode Parse(string path) => JsonNode.Parse(File.ReadAllText(path)) ?? throw new InvalidDataException(path);
}
