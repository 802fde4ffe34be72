using M3.Adaptive.Model.Network;
using M3.Adaptive.Training.DataGeneration;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Settings of stage 1.</summary>
internal sealed record VisionRecipe
{
    /// <summary>Pictures seen in all: half packed, half question scenes, each once.</summary>
    public int Pictures { get; init; } = TrainingSizes.Processor.Pictures;

    public int Batch { get; init; } = TrainingSizes.Processor.PicturesAtOnce;

    /// <summary>Whether training goes on from the folded tower that stands in the folder, without batch normalisation.</summary>
    public bool GoingOn { get; init; }

    /// <summary>Peak of the learning rate; from nothing, with betas 0.9 and 0.98, 2.5e-3 was the highest that never diverged.</summary>
    public double LearningRate => GoingOn ? 1e-3 : 2.5e-3;

    public double WeightDecay { get; init; } = 0.02;

    public int WarmUpSteps { get; init; } = 100;

    public double ClipNorm { get; init; } = 1.0;

    public ulong Seed { get; init; } = 1;

    public ScalarType Arithmetic { get; init; } = ScalarType.Float32;

    /// <summary>Worker threads that share each batch.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads that draw pictures.</summary>
    public int Renderers { get; init; } = 1;
}

/// <summary>Stage 1: dense pre-training of the vision tower (stands in for CLIP's).</summary>
internal sealed class VisionTraining(TrainingFolder folder, VisionRecipe recipe, Assets assets, Device device)
{
    private const int ValidationPictures = 64;                                    // of each kind
    private static readonly ModelConfig Shape = NanoModel.Config(vocabulary: 1);  // the tower's shape does not depend on the vocabulary

    /// <summary>Trains from nothing or from what stands in the folder, or goes on where a checkpoint stands, and writes the folded tower to <see cref="TrainingFolder.Vision"/>.</summary>
    public void Run(CancellationToken cancellation)
    {
        torch.manual_seed((long)recipe.Seed);
        torch.set_num_threads(recipe.Workers);                                    // of this thread, wherever the run was started: part of what the weights depend on
        var learners = Enumerable.Range(0, Math.Min(recipe.Workers, recipe.Batch)).Select(_ => new Learner(device, batchNorm: !recipe.GoingOn)).ToArray();
        var replicas = new Replicas(learners.Select(learner => learner.Modules));
        var (tower, heads) = (learners[0].Tower, learners[0].Heads);
        var parameters = tower.parameters().Concat(heads.parameters()).ToArray();
        using var optimizer = optim.AdamW(parameters, recipe.LearningRate, 0.9, 0.98, 1e-8, recipe.WeightDecay);
        var checkpoint = new TrainingCheckpoint(folder.Stage("vision"), [("tower", tower), ("heads", heads)], optimizer);

        var steps = recipe.Pictures / recipe.Batch;
        if (recipe.GoingOn) TrainingFolder.LoadWeights(folder.Vision, Weights(tower));
        var step = checkpoint.Resume();
        using var log = new TrainingLog(folder.Stage("vision"), "vision", step);
        var validation = Validation();
        using var feed = new PictureFeed(Scenes(Split.Train, recipe.Seed), step * recipe.Batch, recipe.Renderers);
        var guard = new DivergenceGuard();

        for (; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = Schedule.Rate(step, steps, recipe.WarmUpSteps, recipe.LearningRate);

            var shares = Workers.Share(feed.Take(recipe.Batch), replicas.Count);
            optimizer.zero_grad();
            var loss = replicas.Step(i =>
            {
                var (total, classLoss) = DenseLoss.Of(Outputs(learners[i], shares[i]), DenseTargets.Of(shares[i], device));
                total.backward();
                return classLoss.ToSingle();
            });
            nn.utils.clip_grad_norm_(parameters, recipe.ClipNorm);
            optimizer.step();

            guard.Check(step, loss);
            if ((step + 1) % 50 == 0) log.Step(step + 1, steps, recipe.Batch, new Dictionary<string, double> { ["class loss"] = loss });
            if ((step + 1) % 500 == 0)
            {
                Validate(log, step + 1, learners[0], validation);
                checkpoint.Save(step + 1);
            }
        }

        checkpoint.Save(steps);
        using var served = new VisionTower(Shape);
        if (!recipe.GoingOn) tower.FoldBatchNorm(served);
        TrainingFolder.SaveWeights(folder.Vision, Weights(recipe.GoingOn ? tower : served));
    }

    private static IEnumerable<(string, Tensor)> Weights(VisionTower tower) => tower.named_parameters().Select(pair => ($"vision_tower.{pair.name}", (Tensor)pair.parameter));

    private Tensor Outputs(Learner learner, IReadOnlyList<LabelledPicture> pictures) =>
        learner.Heads.call(learner.Tower.call(Pixels.Of([.. pictures.Select(picture => picture.Rgb)], Shape.Vision.ImageSize, recipe.Arithmetic, device)));

    /// <summary>Packed pictures and question scenes in turn: the former carry ten times the labels, the latter look like the questions.</summary>
    private Func<long, Scene> Scenes(Split split, ulong seed)
    {
        var generator = new SceneGenerator(assets, split, seed);
        return index => index % 2 == 0 ? generator.PackedScene(index / 2) : generator.QuestionScene(index / 2);
    }

    private LabelledPicture[] Validation()
    {
        using var renderer = new SceneRenderer();
        var scene = Scenes(Split.Validation, recipe.Seed);
        return [.. Enumerable.Range(0, 2 * ValidationPictures).Select(i => PictureFeed.Render(renderer, scene(i)))];
    }

    private void Validate(TrainingLog log, long step, Learner learner, LabelledPicture[] pictures)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        learner.Tower.eval();
        var values = new Dictionary<string, double>();
        foreach (var (kind, parity) in new[] { ("packed", 0), ("scenes", 1) })
        {
            var chosen = pictures.Where((_, i) => i % 2 == parity).ToArray();
            var parts = chosen.Chunk(16).Select(chunk =>
            {
                using var inner = NewDisposeScope();
                return DenseLoss.Accuracy(Outputs(learner, chunk), DenseTargets.Of(chunk, device));
            }).ToArray();
            values[$"{kind} icons"] = Mean(parts.Select(part => part.Icons));
            values[$"{kind} characters"] = Mean(parts.Select(part => part.Characters));
            values[$"{kind} indices"] = Mean(parts.Select(part => part.Indices));
            values[$"{kind} anchors"] = Mean(parts.Select(part => part.Anchors));
        }

        learner.Tower.train();
        log.Validation(step, values, string.Join("  ", values.Select(pair => $"{pair.Key} {pair.Value:F3}")));
    }

    /// <summary>What a worker trains: tower and heads.</summary>
    private sealed class Learner
    {
        public Learner(Device device, bool batchNorm)
        {
            Tower = new(Shape, batchNorm);
            foreach (var module in Modules) module.to(device);
        }

        public VisionTower Tower { get; }

        public DenseHeads Heads { get; } = new(Shape.Vision.HiddenSize);

        public nn.Module[] Modules => [Tower, Heads];
    }

    private static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty().Average();
}
