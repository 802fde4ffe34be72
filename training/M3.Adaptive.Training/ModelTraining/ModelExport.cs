using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Joins what the stages left into a model folder in the published format, weights in bfloat16.</summary>
internal static class ModelExport
{
    /// <summary>Whether a model may be written here: the folder is new or empty, or holds a model, whose files are then replaced.</summary>
    /// <exception cref="CheckpointException">It holds other files.</exception>
    public static void CheckReplaceable(string output)
    {
        if (File.Exists(output)) throw new CheckpointException(output, "it is a file: name a new folder, or a model's");
        if (!Directory.Exists(output) || !Directory.EnumerateFileSystemEntries(output).Any()) return;
        string[] own = [CheckpointFolder.ConfigFile, CheckpointFolder.TokenizerFile];
        if (own.FirstOrDefault(name => !File.Exists(Path.Combine(output, name))) is { } missing)
            throw new CheckpointException(output, $"it holds files, and no {missing} among them, so that it is no model's: name a new folder, or a model's");
    }

    /// <param name="folder">What the stages left.</param>
    /// <param name="output">The model's folder.</param>
    /// <param name="pooling">How coarse sets are made, by its name in the configuration.</param>
    /// <param name="origin">The model that training went on from; null: none.</param>
    /// <param name="keep">Share of the origin's weights in those written, 0 to 1: a training in one skill unlearns others, and their mean has both (Wortsman et al. 2022, "Robust fine-tuning").</param>
    /// <exception cref="CheckpointException">The origin is no m3-nano.</exception>
    public static void Write(TrainingFolder folder, string output, string pooling, string? origin = null, double keep = 0)
    {
        var tokenizer = SentencePieceTokenizer.Open(folder.Tokenizer);
        using var model = new M3Model(NanoModel.Config(tokenizer.VocabularySize, pooling));
        foreach (var stage in model.Weights().GroupBy(pair => folder.WeightsOf(pair.Key)))
            TrainingFolder.LoadWeights(stage.Key, stage.Select(pair => (pair.Key, (Tensor)pair.Parameter)));
        if (origin is not null && keep > 0) Keep(model, origin, keep, tokenizer);

        var preprocessor = PreprocessorConfig.Clip336 with { Size = model.Config.Vision.ImageSize };
        CheckpointWriter.Save(output, model.Config, preprocessor, File.ReadAllBytes(folder.Tokenizer), ModuleParameters.Of(model.Weights()), TensorType.BFloat16);
        Console.Error.WriteLine($"Wrote {output}.");
    }

    private static void Keep(M3Model model, string origin, double share, SentencePieceTokenizer vocabulary)
    {
        using var loaded = ModelImport.Open(origin);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var ((_, learnt), (_, before)) in model.Weights().Zip(ModelImport.WeightsFor(loaded, vocabulary)))
            learnt.copy_((1 - share) * learnt + share * before.to(ScalarType.Float32));
    }
}
