using System.Collections.Concurrent;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit.Golden;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Golden;

/// <summary>A golden checkpoint, loaded once, and what it computes of the golden pictures, each once.</summary>
internal sealed class GoldenNetwork
{
    private static readonly ConcurrentDictionary<string, Lazy<GoldenNetwork>> Opened = new();

    private readonly ConcurrentDictionary<string, Lazy<Tensor[]>> _hidden = new();
    private readonly ConcurrentDictionary<string, Lazy<Tensor>> _projected = new();

    private GoldenNetwork(string checkpoint)
    {
        Golden = GoldenModel.Of(checkpoint);
        Loaded = LoadedModel.Open(Golden.Folder);
    }

    public GoldenModel Golden { get; }

    public LoadedModel Loaded { get; }

    public static GoldenTolerances Tolerances => GoldenFolder.Index.Tolerances;

    public static GoldenNetwork Of(string checkpoint) => Opened.GetOrAdd(checkpoint, static name => new(() => new GoldenNetwork(name))).Value;

    /// <summary>Input of the model, [1, 3, S, S]; the picture is at the model's size already.</summary>
    public Tensor Pixels(string picture)
    {
        var bytes = File.ReadAllBytes(GoldenFolder.Index.PathOf(Golden.Pictures[picture]));
        var side = Loaded.Config.Vision.ImageSize;
        return tensor(Loaded.ReadPixels(bytes), [1, 3, side, side]);
    }

    /// <summary>States before block 0 and after every block, those behind the selected one too, [1, 577, H] each.</summary>
    public Tensor[] Hidden(string picture) => _hidden.GetOrAdd(picture, name => new(() =>
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var folder = CheckpointFolder.Open(Golden.Folder);
        using var whole = new M3Model(folder.Config with { VisionFeatureLayer = -1 });
        ModuleParameters.Load(folder, whole.Weights());
        return [.. whole.VisionTower.HiddenStates(Pixels(name)).Select(static state => state.DetachFromDisposeScope())];
    })).Value;

    /// <summary>The finest visual tokens, [1, 576, C].</summary>
    public Tensor Projected(string picture) => _projected.GetOrAdd(picture, name => new(() =>
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return Loaded.Model.Encode(Pixels(name)).DetachFromDisposeScope();
    })).Value;

    /// <summary>Logits at every position of a run's prompt and of <paramref name="behind"/>, in one pass without a cache: [T, V].</summary>
    public Tensor Logits(GoldenRun run, params int[] behind)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var golden = Golden.Case(run.Case);
        var language = Loaded.Model.Language;
        Tensor Text(int[] ids) => language.Embed(tensor(Array.ConvertAll(ids, static id => (long)id)).unsqueeze(0));

        List<Tensor> parts = [Text(golden.PrefixIds)];
        if (golden.Picture is not null) parts.Add(TokenPooling.Reduce(Projected(golden.Picture), VisualScale.Of(run.Scale), TokenPooling.Parse(run.Pooling ?? "avg_pooling")));
        int[] tail = [.. golden.SuffixIds, .. behind];
        if (tail.Length > 0) parts.Add(Text(tail));

        var embeddings = cat(parts, 1);                                           // [1, T, C]
        var positions = arange(0, embeddings.shape[1], ScalarType.Int64).unsqueeze(0);
        return language.Head(language.Forward(embeddings, positions, null, null)).squeeze(0).DetachFromDisposeScope();
    }
}
