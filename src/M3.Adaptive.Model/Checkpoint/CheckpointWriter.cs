using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Writes a model's folder in the published LLaVA form. Each file appears whole or not at all; the weights come last.</summary>
public static class CheckpointWriter
{
    /// <summary>Writes or replaces the files of a folder, which is made when it is missing.</summary>
    /// <param name="tensors">All tensors by canonical name (<see cref="TensorNames"/>), asked for one after the other.</param>
    /// <param name="type">Float type that they are stored in; <see cref="ModelConfig.TorchDtype"/> follows it.</param>
    /// <param name="tokenizer">Bytes of <c>tokenizer.model</c>.</param>
    public static void Save(
        string folder, ModelConfig config, PreprocessorConfig preprocessor, ReadOnlySpan<byte> tokenizer,
        IEnumerable<(string Name, IReadOnlyList<long> Shape, TensorValues Values)> tensors, TensorType type)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tensors);
        Directory.CreateDirectory(folder);
        var model = tokenizer.ToArray();
        WriteBytes(folder, CheckpointFolder.TokenizerFile, model);
        WriteBytes(folder, CheckpointFolder.PreprocessorFile, PreprocessorConfigWriter.ToJson(preprocessor));
        WriteBytes(folder, CheckpointFolder.ConfigFile, ModelConfigWriter.ToJson(config with { TorchDtype = type.TorchName() }));
        SafetensorsWriter.Write(
            Path.Combine(folder, ShardIndex.SingleFile),
            tensors.Select(tensor => new TensorSource(TensorNames.ToLlava(tensor.Name), type, tensor.Shape, tensor.Values)));
    }

    private static void WriteBytes(string folder, string name, byte[] bytes) =>
        AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
}
