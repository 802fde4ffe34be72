using M3.Adaptive.Model;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>One run through the stages with its sizes; each stage leaves a file that the next one reads.</summary>
internal sealed class TrainingRun(TrainingFolder folder, Device device, CancellationToken cancellation)
{
    private const ulong Seed = 1;
    private readonly Lazy<Assets> _assets = new(() => Assets.Load());

    public required int Pictures { get; init; }

    public required int Scenes { get; init; }

    public required int HeldScenes { get; init; }

    public required int Steps { get; init; }

    /// <summary>How coarse sets are made, by its name in the configuration.</summary>
    public required string Pooling { get; init; }

    /// <summary>Peak of stage 2; null: the recipe's.</summary>
    public double? LearningRate { get; init; }

    public required string Out { get; init; }

    public required ScalarType Arithmetic { get; init; }

    public required int Workers { get; init; }

    public required bool Smoke { get; init; }

    /// <summary>A model folder to go on from: tower and tokenizer stay as they are, projector and decoder learn on. Null: from nothing.</summary>
    public string? From { get; init; }

    public void All()
    {
        Vision();
        Tokenizer();
        Features();
        Language();
        Export();
    }

    public void Vision()
    {
        if (From is not null)
        {
            if (!File.Exists(folder.Vision)) ModelImport.Read(From, folder, Pooling);
            return;
        }

        new VisionTraining(folder, new VisionRecipe { Pictures = Pictures, Seed = Seed, Arithmetic = Arithmetic, Workers = Workers }, _assets.Value, device).Run(cancellation);
    }

    public void Tokenizer()
    {
        if (File.Exists(folder.Tokenizer)) return;
        var generator = new SceneGenerator(_assets.Value, Split.Train, Seed);
        var asked = Enumerable.Range(0, Smoke ? 500 : 5_000).SelectMany(i => generator.QuestionScene(i).Questions).ToArray();
        var named = asked.Where(question => question.Family is
            Families.Background or Families.LargeObject or Families.ObjectAt or Families.Where or Families.Exists);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllBytes(folder.Tokenizer, NanoVocabulary.Train(
            asked.Select(question => question.Text).ToHashSet(), named.Select(question => question.Answer).ToHashSet(), [.. DataLists.Words, .. DataLists.Items]));
    }

    public void Features()
    {
        var encoding = new FeatureEncoding(folder, _assets.Value, Arithmetic, Workers, device);
        encoding.Run(Split.Train, Scenes, Seed, cancellation);
        encoding.Run(Split.Validation, HeldScenes, Seed, cancellation);
    }

    public void Language()
    {
        var recipe = new LanguageRecipe { Steps = Steps, Seed = Seed, Arithmetic = Arithmetic, Workers = Workers, Pooling = TokenPooling.Parse(Pooling), GoesOn = From is not null };
        if (Smoke) recipe = recipe with { AlignmentSteps = 5, WarmUpSteps = 5, ValidateEvery = 30, ValidationPictures = 8, Batch = 2 };
        if (LearningRate is { } rate) recipe = recipe with { LearningRate = rate };
        if (From is not null) recipe = recipe with { AlignmentSteps = 0 };        // aligned already
        new LanguageTraining(folder, recipe, device).Run(cancellation);
    }

    public void Export() => ModelExport.Write(folder, Out, Pooling);
}
