using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Where a training run keeps what it makes: by default <c>$M3_STATE/training/m3-nano</c>, outside the checkout.</summary>
internal sealed record TrainingFolder(string Root)
{
    /// <summary>Metrics and the resumable checkpoint of one stage.</summary>
    public string Stage(string name) => Path.Combine(Root, name);

    /// <summary>The tower that stage 1 leaves, folded, float32.</summary>
    public string Vision => Path.Combine(Root, "vision.safetensors");

    /// <summary>The type in which the run computes, where that was measured.</summary>
    public string Arithmetic => Path.Combine(Root, "arithmetic");

    public string Tokenizer => Path.Combine(Root, "tokenizer.model");

    /// <summary>Projector and decoder that stage 2 leaves, float32.</summary>
    public string Language => Path.Combine(Root, "language.safetensors");

    /// <summary>The file of a weight, by its canonical key.</summary>
    public string WeightsOf(string key) => key.StartsWith("vision_tower.", StringComparison.Ordinal) ? Vision : Language;

    public string Features(Split split) => Path.Combine(Root, "features", split.ToString().ToLowerInvariant());

    /// <summary>Writes float32 tensors under the checkpoint's canonical keys.</summary>
    public static void SaveWeights(string path, IEnumerable<(string Key, Tensor Tensor)> weights) => SafetensorsWriter.Write(path, weights.Select(pair =>
        new TensorSource(pair.Key, TensorType.Float32, pair.Tensor.shape, () => ModuleParameters.Values(pair.Tensor))));

    /// <summary>Fills parameters from a file that holds each of them.</summary>
    /// <exception cref="CheckpointException">The file is missing or holds another shape.</exception>
    public static void LoadWeights(string path, IEnumerable<(string Key, Tensor Tensor)> weights)
    {
        using var file = SafetensorsFile.Open(path);
        using var frozen = no_grad();
        foreach (var (key, target) in weights)
        {
            using var scope = NewDisposeScope();
            target.copy_(tensor(file[key].ToFloats()).reshape([.. file[key].Shape]));
        }
    }
}
