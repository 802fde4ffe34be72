using M3.Adaptive.Model.Network;
using M3.Adaptive.Training.DataGeneration;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Between the stages: the trained tower encodes question scenes once, so that stage 2 never runs it again.</summary>
internal sealed class FeatureEncoding(TrainingFolder folder, Assets assets, ScalarType arithmetic, int workers, int renderers, Device device)
{
    private const int Batch = 16;

    /// <summary>Encodes scenes until the split's store holds <paramref name="count"/>; goes on where an earlier run stopped.</summary>
    /// <param name="kind">Those that are added are of this kind only. Null: of all.</param>
    public void Run(Split split, int count, ulong seed, string? kind, CancellationToken cancellation)
    {
        var shape = NanoModel.Config(vocabulary: 1);
        using var tower = new VisionTower(shape);
        TrainingFolder.LoadWeights(folder.Vision, tower.named_parameters().Select(pair => ($"vision_tower.{pair.name}", (Tensor)pair.parameter)));
        tower.to(device);
        tower.eval();

        using var store = FeatureStore.Append(folder.Features(split), shape.Vision.PatchCount, shape.Vision.HiddenSize);
        if (store.Scenes.Count >= count) return;
        var generator = new SceneGenerator(assets, split, seed);
        IReadOnlySet<string>? kinds = kind is null ? null : new HashSet<string> { kind };
        using var feed = new PictureFeed(index => generator.QuestionScene(index, kinds: kinds), store.Scenes.Count, renderers);
        using var log = new TrainingLog(folder.Stage("features"), $"features {split}", store.Scenes.Count);
        while (store.Scenes.Count < count)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var pictures = feed.Take(Math.Min(Batch, count - store.Scenes.Count));
            var shares = Workers.Share(pictures, Math.Min(workers, pictures.Length));
            var parts = new Tensor[shares.Length];
            Workers.Run(shares.Length, i =>
            {
                using var frozen = no_grad();
                var pixels = Pixels.Of([.. shares[i].Select(picture => picture.Rgb)], shape.Vision.ImageSize, arithmetic, device);
                parts[i] = tower.call(pixels).cpu().to(ScalarType.BFloat16).DetachFromDisposeScope();
            });
            using var features = cat(parts, 0);
            foreach (var part in parts) part.Dispose();
            store.Add(features, [.. pictures.Select(Stored)]);
            if (store.Scenes.Count % (50 * Batch) == 0) log.Step(store.Scenes.Count, count, 1, new Dictionary<string, double>());
        }
    }

    private static StoredScene Stored(LabelledPicture picture) => new(
        picture.Scene.Kind, picture.Scene.Questions, picture.Labels.Class, picture.Labels.CharacterIndex, picture.Labels.Anchor, [.. picture.MeanRgb.Select(value => (byte)Math.Round(value * 255))]);
}
