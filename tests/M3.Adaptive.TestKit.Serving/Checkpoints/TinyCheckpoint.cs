using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Tokenizer;

namespace M3.Adaptive.TestKit.Serving.Checkpoints;

/// <summary>
/// A checkpoint folder in the published format with random weights: some hundred kilobytes, made in a moment, for tests that are not
/// about answers. Its answers are gibberish; it never ends one, so an answer is as long as it is allowed to be.
/// </summary>
public sealed class TinyCheckpoint : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TinyCheckpoint()
    {
    }

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
            MaxPositions = 2048,
        },
    };

    /// <summary>The checkpoint's own folder, removed with this object.</summary>
    public string Folder => _folder.Path;

    /// <param name="seed">Of the weights: another one is another model.</param>
    public static TinyCheckpoint Create(int seed = 1)
    {
        var checkpoint = new TinyCheckpoint();
        Write(checkpoint.Folder, seed);
        return checkpoint;
    }

    /// <summary>Writes one into a folder of the caller's, which is made when it is missing.</summary>
    public static void Write(string folder, int seed = 1, TensorType type = TensorType.Float32, ModelConfig? config = null)
    {
        config ??= Config;
        CheckpointWriter.Save(
            folder, config, PreprocessorConfig.Clip336 with { Size = config.Vision.ImageSize }, TinyTokenizer.Model, RandomTensors(config, seed), type);
    }

    /// <summary>Every tensor of a configuration by its canonical name, drawn evenly from -0.5 to 0.5.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<long> Shape, TensorValues Values)> RandomTensors(ModelConfig config, int seed)
    {
        var random = new Random(seed);
        foreach (var (name, shape) in ModelTensors.Of(config))
        {
            var values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
            for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
            // A row of zeros is a logit of 0, and the largest of several hundred random ones is always above that.
            if (name == "lm_head.weight") values.AsSpan(config.EosTokenId * config.Language.HiddenSize, config.Language.HiddenSize).Clear();
            yield return (name, shape, () => values);
        }
    }

    /// <summary>Writes the weights of a folder again as they are, but for what the change does to each stored tensor.</summary>
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

    public void Dispose() => _folder.Dispose();
}
