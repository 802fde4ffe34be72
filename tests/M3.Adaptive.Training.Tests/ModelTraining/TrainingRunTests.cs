using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.ModelTraining;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

/// <summary>A training run small enough for a test: tower, vocabulary and features made once.</summary>
public sealed class SmallTraining : IDisposable
{
    public SmallTraining()
    {
        var run = Run(Root, "unused");
        run.Vision();
        run.Tokenizer();
        run.Features();
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("m3-training-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal static TrainingRun Run(string root, string output, string pooling = NanoModel.AveragePooling, string? from = null) => new(new TrainingFolder(root), CPU, CancellationToken.None)
    {
        Smoke = true,
        Sizes = TrainingSizes.Smoke with { Pictures = 32, HeldScenes = 8, Steps = 10 },
        Pooling = pooling,
        Out = output,
        Arithmetic = ScalarType.Float32,
        Workers = 2,
        From = from,
    };

    /// <summary>A folder of its own for stage 2, on the shared tower, vocabulary and features.</summary>
    internal TrainingFolder Copy(string name)
    {
        var (shared, own) = (new TrainingFolder(Root), new TrainingFolder(Path.Combine(Root, name)));
        Directory.CreateDirectory(own.Root);
        File.Copy(shared.Vision, own.Vision);
        File.Copy(shared.Tokenizer, own.Tokenizer);
        Directory.CreateSymbolicLink(Path.Combine(own.Root, "features"), Path.Combine(Root, "features"));
        return own;
    }
}

public sealed class TrainingRunTests(SmallTraining small) : IClassFixture<SmallTraining>
{
    [Theory]
    [InlineData("avg_pooling")]
    [InlineData("spatial")]
    public void Run_AllStages_LeaveAModelThatLoads(string pooling)
    {
        var (folder, output) = (small.Copy(pooling), Path.Combine(small.Root, $"model-{pooling}"));

        var run = SmallTraining.Run(folder.Root, output, pooling);
        run.Language();
        run.Export();

        using var model = LoadedModel.Open(output);
        Assert.True(model.Config.Vision.FeaturePositions);
        Assert.Equal(pooling, model.Config.Pooling);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_FromAModel_GoesOnFromItsWeights(bool learnTower)
    {
        var origin = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
        var root = Path.Combine(small.Root, $"from-{learnTower}");
        var (folder, output) = (new TrainingFolder(root), Path.Combine(root, "model"));
        var run = new TrainingRun(folder, CPU, CancellationToken.None)
        {
            Smoke = true,
            Sizes = TrainingSizes.Smoke with { Pictures = 16, Scenes = 16, HeldScenes = 8, Steps = 9 },         // five of them align where the tower learns
            Pooling = NanoModel.AveragePooling,
            Out = output,
            Arithmetic = ScalarType.Float32,
            Workers = 2,
            From = origin,
            LearnTower = learnTower,
        };

        run.All();

        using LoadedModel before = LoadedModel.Open(origin), after = LoadedModel.Open(output);
        Assert.Equal(!learnTower, Same("vision_tower.encoder.layers.0.self_attn.q_proj.weight"));
        Assert.False(Same("layers.0.self_attn.q_proj.weight"));
        Assert.True(Distance("layers.0.mlp.down_proj.weight") < 0.1);        // a few steps on, not begun anew

        bool Same(string key) => Distance(key) == 0;

        float Distance(string key) => ((Weight(before, key) - Weight(after, key)).norm() / Weight(before, key).norm()).ToSingle();

        static Tensor Weight(LoadedModel model, string key) => model.Model.Weights().Single(pair => pair.Key == key).Parameter.to(ScalarType.Float32);
    }

    [Fact]
    public void Export_HalfOfTheOriginKept_WritesTheMean()
    {
        var folder = small.Copy("keep");
        var (before, after, mean) = (Path.Combine(folder.Root, "before"), Path.Combine(folder.Root, "after"), Path.Combine(folder.Root, "mean"));
        Learn(seed: 1);
        ModelExport.Write(folder, before, NanoModel.AveragePooling);
        Learn(seed: 2);
        ModelExport.Write(folder, after, NanoModel.AveragePooling);

        ModelExport.Write(folder, mean, NanoModel.AveragePooling, before, keep: 0.5);

        using LoadedModel first = LoadedModel.Open(before), second = LoadedModel.Open(after), halfway = LoadedModel.Open(mean);
        foreach (var ((left, right), middle) in Weights(first).Zip(Weights(second)).Zip(Weights(halfway)))
        {
            var rounding = 0.01 * (left.abs() + right.abs()).max().ToSingle();    // three roundings to bfloat16
            Assert.True((0.5 * (left + right) - middle).abs().max().ToSingle() <= rounding);
        }

        void Learn(int seed)
        {
            torch.manual_seed(seed);
            var tokenizer = SentencePieceTokenizer.Open(folder.Tokenizer);
            using var model = new M3Model(NanoModel.Config(tokenizer.VocabularySize));
            var learnt = model.Weights().Where(pair => folder.WeightsOf(pair.Key) == folder.Language);
            TrainingFolder.SaveWeights(folder.Language, learnt.Select(pair => (pair.Key, (Tensor)pair.Parameter)));
        }

        static IEnumerable<Tensor> Weights(LoadedModel model) => model.Model.Weights().Select(pair => pair.Parameter.to(ScalarType.Float32));
    }

    /// <summary>From the shipped weights, whose vocabulary is another, in today's words.</summary>
    [Fact]
    public void Language_GoingOnFromOtherWords_KeepsTheirRowsAndLearns()
    {
        var folder = new TrainingFolder(Path.Combine(small.Root, "going-on"));
        Directory.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(folder.Root).FullName, "features"), Path.Combine(small.Root, "features"));
        var shipped = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
        var run = SmallTraining.Run(folder.Root, Path.Combine(folder.Root, "model"), from: shipped);
        run.Tokenizer();
        using var before = LoadedModel.Open(shipped);
        var vocabulary = SentencePieceTokenizer.Open(folder.Tokenizer);
        Assert.Equal(Row(before.Model, before.Tokenizer, "\u2581fox"), ImportedRow("\u2581fox"));

        run.Language();
        run.Export();

        using var after = LoadedModel.Open(Path.Combine(folder.Root, "model"));
        Assert.NotEqual(Row(before.Model, before.Tokenizer, "\u2581fox"), Row(after.Model, after.Tokenizer, "\u2581fox"));

        float[] ImportedRow(string piece)
        {
            using var model = new M3Model(NanoModel.Config(vocabulary.VocabularySize));
            TrainingFolder.LoadWeights(folder.Language, model.Weights().Where(pair => folder.WeightsOf(pair.Key) == folder.Language).Select(pair => (pair.Key, (Tensor)pair.Parameter)));
            return Row(model, vocabulary, piece);
        }

        static float[] Row(M3Model model, SentencePieceTokenizer tokenizer, string piece)
        {
            using var scope = NewDisposeScope();
            return model.Language.Embed(tensor(tokenizer.Encode(piece[1..]).Select(id => (long)id).ToArray())).to(ScalarType.Float32).data<float>().ToArray();
        }
    }

    [Fact]
    public async Task Language_StoppedAndResumed_EndsWithTheSameWeights()
    {
        var recipe = new LanguageRecipe
        {
            Steps = 24,
            AlignmentSteps = 4,
            WarmUpSteps = 4,
            Batch = 2,
            ValidateEvery = 8,
            SaveEvery = 8,
            ValidationPictures = 4,
            Workers = 2,
        };
        var (straight, stopped) = (small.Copy("straight"), small.Copy("stopped"));
        new LanguageTraining(straight, recipe, CPU).Run(CancellationToken.None);

        using (var stop = new CancellationTokenSource())
        {
            var checkpoint = Path.Combine(stopped.Stage("language"), "checkpoint", "step.json");
            var training = Task.Run(() => new LanguageTraining(stopped, recipe, CPU).Run(stop.Token));
            while (!File.Exists(checkpoint) && !training.IsCompleted) await Task.Delay(1);
            await stop.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => training);
        }

        new LanguageTraining(stopped, recipe, CPU).Run(CancellationToken.None);

        Assert.Equal(File.ReadAllBytes(straight.Language), File.ReadAllBytes(stopped.Language));
    }
}
