using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.TestKit.Tokenizer;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Writes a folder of random weights that can then be spoilt.</summary>
internal static class TinyCheckpoint
{
    public static ModelConfig Config { get; } = new()
    {
        Vision = VisionConfig.ClipLarge336 with { HiddenSize = 8, IntermediateSize = 12, LayerCount = 3, HeadCount = 2 },
        Language = new()
        {
            HiddenSize = 8,
            IntermediateSize = 12,
            LayerCount = 2,
            HeadCount = 2,
            KeyValueHeadCount = 1,
            VocabularySize = 350,
            MaxPositions = 1024,
        },
    };

    public static void Write(string folder, int seed = 1, TensorType type = TensorType.Float32, ModelConfig? config = null)
    {
        config ??= Config;
        CheckpointWriter.Save(
            folder, config, PreprocessorConfig.Clip336 with { Size = config.Vision.ImageSize }, TinyTokenizer.Model, new ExpectedParameters(config).RandomTensors(seed), type);
    }

    /// <summary>Writes the weights again as they are, but for what the change does to each stored tensor.</summary>
    public static void Rewrite(string folder, Func<TensorSource, IEnumerable<TensorSource>> change)
    {
        var path = Path.Combine(folder, "model.safetensors");
        List<TensorSource> changed;
        using (var file = SafetensorsFile.Open(path))
        {
            changed = [.. file.Tensors.Values.Select(tensor =>
            {
                var values = tensor.ToFloats();
                return new TensorSource(tensor.Name, tensor.Type, tensor.Shape, () => values);
            }).SelectMany(change)];
        }

        SafetensorsWriter.Write(path, changed);
    }
}
