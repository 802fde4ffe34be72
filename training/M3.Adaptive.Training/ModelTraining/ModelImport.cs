using M3.Adaptive.Model;
using M3.Adaptive.Model.Checkpoint;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Takes a model folder apart into what the stages leave, so that training goes on from it on any machine.</summary>
internal static class ModelImport
{
    /// <exception cref="CheckpointException">The folder holds no model, or one of another shape than m3-nano's.</exception>
    public static void Read(string model, TrainingFolder folder)
    {
        using var loaded = Open(model);
        Directory.CreateDirectory(folder.Root);
        foreach (var stage in loaded.Model.Weights().GroupBy(pair => folder.WeightsOf(pair.Key)))
            TrainingFolder.SaveWeights(stage.Key, stage.Select(pair => (pair.Key, (Tensor)pair.Parameter)));
        File.Copy(Path.Combine(model, CheckpointFolder.TokenizerFile), folder.Tokenizer);
        Console.Error.WriteLine($"Going on from {model}.");
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
