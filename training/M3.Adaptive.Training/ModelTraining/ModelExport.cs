using M3.Adaptive.Model;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Joins what the stages left into a model folder in the published format, weights in bfloat16.</summary>
internal static class ModelExport
{
    public static void Write(TrainingFolder folder, string output, string pooling)
    {
        using var tokenizer = SentencePieceTokenizer.Open(folder.Tokenizer);
        using var model = new M3Model(NanoModel.Config(tokenizer.VocabularySize, pooling));
        foreach (var stage in model.Weights().GroupBy(pair => folder.WeightsOf(pair.Key)))
            TrainingFolder.LoadWeights(stage.Key, stage.Select(pair => (pair.Key, (Tensor)pair.Parameter)));

        var preprocessor = PreprocessorConfig.Clip336 with { Size = model.Config.Vision.ImageSize };
        CheckpointWriter.Save(output, model.Config, preprocessor, File.ReadAllBytes(folder.Tokenizer), ModuleParameters.Of(model.Weights()), TensorType.BFloat16);
        Console.Error.WriteLine($"Wrote {output}.");
    }
}
