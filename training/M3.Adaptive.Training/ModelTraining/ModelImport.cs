using M3.Adaptive.Model;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Takes a model folder apart into what the stages leave, so that training goes on from it on any machine, and in other words.</summary>
internal static class ModelImport
{
    /// <param name="model">The model's folder.</param>
    /// <param name="folder">Its vocabulary is written already.</param>
    /// <exception cref="CheckpointException">The folder holds no model, or one of another shape than m3-nano's.</exception>
    public static void Read(string model, TrainingFolder folder)
    {
        using var loaded = Open(model);
        using var scope = NewDisposeScope();
        foreach (var stage in WeightsFor(loaded, SentencePieceTokenizer.Open(folder.Tokenizer)).GroupBy(pair => folder.WeightsOf(pair.Key)))
            TrainingFolder.SaveWeights(stage.Key, stage);
        Console.Error.WriteLine($"Going on from {model}.");
    }

    /// <summary>A model's weights with the rows of a vocabulary that may be another than its own; what is made for that lies in the open scope.</summary>
    public static IEnumerable<(string Key, Tensor Weight)> WeightsFor(LoadedModel loaded, SentencePieceTokenizer vocabulary)
    {
        using var frozen = no_grad();
        var rows = VocabularyTransfer.Rows(loaded.Tokenizer, vocabulary);
        return [.. loaded.Model.Weights().Select(pair => (pair.Key, pair.Key == VocabularyTransfer.Embeddings ? VocabularyTransfer.Apply(pair.Parameter, rows) : pair.Parameter))];
    }

    /// <exception cref="CheckpointException">The folder holds no model, or one of another shape than m3-nano's.</exception>
    public static LoadedModel Open(string model)
    {
        var loaded = LoadedModel.Open(model);
        var expected = NanoModel.Config(loaded.Tokenizer.VocabularySize, loaded.Config.Pooling);   // the weights fit every way of pooling
        if (ModelConfigWriter.ToJson(loaded.Config).AsSpan().SequenceEqual(ModelConfigWriter.ToJson(expected))) return loaded;
        loaded.Dispose();
        throw new CheckpointException(Path.Combine(model, CheckpointFolder.ConfigFile), "it is not the configuration of an m3-nano: only a model that this program made can be trained on");
    }
}
