using M3.Adaptive.Model.Network;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>One run through the stages with its sizes; each stage leaves a file that the next one reads.</summary>
internal sealed class TrainingRun(TrainingFolder folder, Device device, CancellationToken cancellation)
{
    private const ulong Seed = 1;
    private const int RealignmentSteps = 400;                                     // what a projector needs that was aligned with the tower before
    private readonly Lazy<Assets> _assets = new(() => Assets.Load());

    public required TrainingSizes Sizes { get; init; }

    /// <summary>How coarse sets are made, by its name in the configuration.</summary>
    public required string Pooling { get; init; }

    /// <summary>Peak of stage 2; null: the recipe's.</summary>
    public double? LearningRate { get; init; }

    public double WordNoise { get; init; }

    public required string Out { get; init; }

    /// <summary>In which type to compute; null: the quicker one.</summary>
    public required ScalarType? Arithmetic { get; init; }

    public required int Workers { get; init; }

    private ScalarType Computed => Arithmetic ?? TrainingArithmetic.Of(folder, device, () => TrainingArithmetic.Quickest(Workers, TimeProvider.System));

    /// <summary>Threads that draw pictures: beside the workers' of a processor one, and all but two while a GPU works.</summary>
    private int Renderers => device.type == TorchSharp.DeviceType.CPU ? 1 : Math.Max(1, Environment.ProcessorCount - 2);

    public required bool Smoke { get; init; }

    /// <summary>A model folder to go on from: projector and decoder learn on, with the words of today's questions. Null: from nothing.</summary>
    public string? From { get; init; }

    /// <summary>Whether the tower of <see cref="From"/> learns on, too; otherwise it stays as it is.</summary>
    public bool LearnTower { get; init; }

    /// <summary>Training scenes that are encoded are of this kind; null: of all.</summary>
    public string? Kind { get; init; }

    /// <summary>What a model that goes on learns; null: <see cref="Curriculum.GoingOn"/>.</summary>
    public Phase? Lessons { get; init; }

    /// <summary>Share of <see cref="From"/>'s weights in the exported ones.</summary>
    public double Keep { get; init; }

    public void All()
    {
        Tokenizer();
        Vision();
        Features();
        Language();
        Export();
    }

    public void Vision()
    {
        if (Imported() && !LearnTower) return;
        var recipe = new VisionRecipe { Pictures = Sizes.Pictures, Batch = Sizes.PicturesAtOnce, Seed = Seed, Arithmetic = Computed, Workers = Workers, Renderers = Renderers, GoingOn = From is not null };
        new VisionTraining(folder, recipe, _assets.Value, device).Run(cancellation);
    }

    public void Tokenizer()
    {
        if (!Imported()) WriteVocabulary();
    }

    public void Features()
    {
        Imported();
        var encoding = new FeatureEncoding(folder, _assets.Value, Computed, Workers, Renderers, device);
        encoding.Run(Split.Train, Sizes.Scenes, Seed, Kind, cancellation);
        encoding.Run(Split.Validation, Sizes.HeldScenes, Seed, kind: null, cancellation);
    }

    public void Language()
    {
        var recipe = new LanguageRecipe
        {
            Steps = Sizes.Steps,
            WordNoise = WordNoise,
            Batch = Sizes.Batch,
            Seed = Seed,
            Arithmetic = Computed,
            Workers = Workers,
            Pooling = TokenPooling.Parse(Pooling),
            GoesOn = From is not null,
            Phases = From is null ? Curriculum.Phases : Lessons is null ? Curriculum.GoingOn : [Lessons],
        };
        if (LearningRate is { } rate) recipe = recipe with { LearningRate = rate };
        if (From is not null) recipe = recipe with { AlignmentSteps = LearnTower ? RealignmentSteps : 0 };    // aligned already, but not with a tower that has moved
        if (Smoke) recipe = recipe with { AlignmentSteps = Math.Min(recipe.AlignmentSteps, 5), WarmUpSteps = 5, ValidateEvery = 30, ValidationPictures = 8 };
        new LanguageTraining(folder, recipe, device).Run(cancellation);
    }

    /// <summary>Whether the weights come from another model; takes them once.</summary>
    private bool Imported()
    {
        if (From is null) return false;
        WriteVocabulary();
        if (!File.Exists(folder.Language)) ModelImport.Read(From, folder);
        return true;
    }

    private void WriteVocabulary()
    {
        if (File.Exists(folder.Tokenizer)) return;
        Directory.CreateDirectory(folder.Root);
        File.WriteAllBytes(folder.Tokenizer, NanoVocabulary.Of());
    }

    public void Export() => ModelExport.Write(folder, Out, Pooling, From, Keep);
}
