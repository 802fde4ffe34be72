using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>What a checkpoint folder holds, for a person or a script to look at.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Folder">Its absolute path.</param>
/// <param name="Hash">See <see cref="ModelHash"/>.</param>
/// <param name="Config">The model's configuration.</param>
/// <param name="Files">Weight files and their sizes in bytes.</param>
/// <param name="StoredTypes">Tensors of each stored type, by its name in the file.</param>
/// <param name="VisionParameters">Numbers in the vision tower that the model uses.</param>
/// <param name="ProjectorParameters">Numbers in the projector.</param>
/// <param name="LanguageParameters">Numbers in the decoder, embedding and output head included.</param>
/// <param name="UnusedTensors">Tensors that are stored and not used, such as the tower's last block.</param>
/// <param name="Pieces">Pieces of the tokenizer.</param>
/// <param name="InputSize">Side of the model's input picture, in pixels.</param>
public sealed record CheckpointSummary(
    string Name, string Folder, string Hash, ModelConfig Config,
    IReadOnlyDictionary<string, long> Files, IReadOnlyDictionary<string, int> StoredTypes,
    long VisionParameters, long ProjectorParameters, long LanguageParameters, int UnusedTensors, int Pieces, int InputSize)
{
    /// <summary>Numbers that the model uses.</summary>
    public long Parameters => VisionParameters + ProjectorParameters + LanguageParameters;

    /// <summary>Checks a folder whole and sums it up; reads all weights once for the hash.</summary>
    /// <exception cref="CheckpointException">Something is missing or does not fit.</exception>
    /// <exception cref="Tokenizer.TokenizerException">The tokenizer is no SentencePiece model.</exception>
    public static CheckpointSummary Of(string path)
    {
        using var folder = CheckpointFolder.Open(path);
        folder.CheckTensors();
        var tokenizer = folder.OpenTokenizer();
        var used = ModelTensors.Of(folder.Config).ToDictionary(tensor => tensor.Name, tensor => folder.Tensors[tensor.Name].ElementCount);
        var vision = Sum(used, "vision_tower.");
        var projector = Sum(used, "mm_projector.");
        return new CheckpointSummary(
            folder.Name, folder.Path, ModelHash.Of(folder), folder.Config,
            folder.WeightFiles,
            folder.Tensors.Values.CountBy(tensor => tensor.Type.SafetensorsName()).ToDictionary(),
            vision, projector, used.Values.Sum() - vision - projector,
            folder.Tensors.Count - used.Count, tokenizer.VocabularySize, folder.Preprocessor.Size);
    }

    private static long Sum(Dictionary<string, long> used, string prefix) =>
        used.Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(tensor => tensor.Value);
}
