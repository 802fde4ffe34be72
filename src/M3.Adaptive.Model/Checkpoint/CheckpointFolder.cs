using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// A model's folder as published: <c>config.json</c>, one or several safetensors files, <c>tokenizer.model</c> and perhaps
/// <c>preprocessor_config.json</c> or <c>processor_config.json</c>. Opening reads no weights. Owns the open files until disposed.
/// </summary>
public sealed class CheckpointFolder : IDisposable
{
    public const string ConfigFile = "config.json";
    public const string TokenizerFile = "tokenizer.model";
    public const string PreprocessorFile = "preprocessor_config.json";

    private readonly SafetensorsFile[] _files;

    private CheckpointFolder(string path, ModelConfig config, PreprocessorConfig preprocessor, SafetensorsFile[] files)
    {
        (Path, Config, Preprocessor, _files) = (path, config, preprocessor, files);
        Tensors = CanonicalTensors(path, files);
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Name of the folder, which the model is called by.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public ModelConfig Config { get; }

    public PreprocessorConfig Preprocessor { get; }

    /// <summary>All tensors but old versions' buffers, by canonical name (<see cref="TensorNames"/>).</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors { get; }

    /// <summary>Names of the files that hold the tensors, and their sizes in bytes.</summary>
    public IReadOnlyDictionary<string, long> WeightFiles => _files.ToDictionary(file => System.IO.Path.GetFileName(file.Path), file => file.ByteCount);

    /// <summary>
    /// Opens a folder and checks everything but the tensors' shapes (<see cref="CheckTensors()"/>) and the tokenizer
    /// (<see cref="OpenTokenizer"/>).
    /// </summary>
    /// <exception cref="CheckpointException">Something is missing or malformed.</exception>
    public static CheckpointFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
            throw new CheckpointException(full, "there is no such folder: expected one with config.json and model.safetensors");
        AdapterFolder.Refuse(full);
        var config = ModelConfigReader.Read(System.IO.Path.Combine(full, ConfigFile));
        var preprocessor = PreprocessorConfigReader.Read(full, config.Vision.ImageSize);
        var tokenizer = System.IO.Path.Combine(full, TokenizerFile);
        if (!File.Exists(tokenizer)) throw new CheckpointException(full, $"there is no {TokenizerFile}");
        GitLfsPointer.Refuse(tokenizer);
        var files = ShardIndex.Open(full);
        try
        {
            return new CheckpointFolder(full, config, preprocessor, files);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the network leaves a tensor unused, so that it may be there or not.</summary>
    public bool IsUnused(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        const string layers = "vision_tower.encoder.layers.";
        if (canonical.StartsWith("vision_tower.post_layernorm.", StringComparison.Ordinal)) return !Config.Vision.FinalLayerNorm;
        if (canonical == "lm_head.weight") return Config.Language.TieWordEmbeddings;
        if (!canonical.StartsWith(layers, StringComparison.Ordinal)) return false;
        var number = canonical.AsSpan(layers.Length);
        var end = number.IndexOf('.');
        return end > 0 && int.TryParse(number[..end], out var layer) && layer >= Config.VisionBlocksUsed && layer < Config.Vision.LayerCount;
    }

    /// <summary>Compares the tensors with those that the configuration asks for; reads no weights and builds no network.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, extra, or of another shape or type; a part that is missing whole is one fault.</exception>
    public void CheckTensors() => CheckTensors(ModelTensors.Of(Config).Select(tensor => (tensor.Name, (IReadOnlyList<long>)tensor.Shape)));

    /// <summary>Compares the tensors with a list of canonical names and shapes.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, extra, or of another shape or type; a part that is missing whole is one fault.</exception>
    public void CheckTensors(IEnumerable<(string Name, IReadOnlyList<long> Shape)> expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        (string Name, IReadOnlyList<long> Shape)[] all = [.. expected];
        CheckParts(all.Select(tensor => tensor.Name));
        var faults = new List<string>();
        var known = new HashSet<string>();
        foreach (var (name, shape) in all)
        {
            known.Add(name);
            var wanted = $"[{string.Join(", ", shape)}]";
            if (!Tensors.TryGetValue(name, out var tensor)) faults.Add($"tensor {name} is missing: expected floats {wanted}");
            else if (!tensor.Type.IsFloat())
                faults.Add($"tensor {tensor.Name} in {tensor.FileName} is {tensor.Description}: expected floats {wanted}");
            else if (!tensor.Shape.SequenceEqual(shape))
                faults.Add($"tensor {tensor.Name} in {tensor.FileName} is {tensor.Description}: expected {wanted}");
        }

        faults.AddRange(Tensors.Where(tensor => !known.Contains(tensor.Key) && !IsUnused(tensor.Key))
            .Select(tensor => $"tensor {tensor.Value.Name} in {tensor.Value.FileName} is extra: the model has no {tensor.Key}"));
        if (faults.Count > 0) throw new CheckpointException(Path, faults);
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="CheckpointException">Its ids do not fit the model's.</exception>
    /// <exception cref="TokenizerException">It is no SentencePiece model with LLaMA's conventions.</exception>
    public SentencePieceTokenizer OpenTokenizer()
    {
        var file = System.IO.Path.Combine(Path, TokenizerFile);
        var tokenizer = SentencePieceTokenizer.Open(file);
        List<string> faults = [];
        if (tokenizer.VocabularySize > Config.Language.VocabularySize)
            faults.Add($"{tokenizer.VocabularySize} pieces: expected at most the model's vocab_size {Config.Language.VocabularySize}");
        if (tokenizer.BeginId != Config.BosTokenId)
            faults.Add($"<s> is id {tokenizer.BeginId}: expected the model's bos_token_id {Config.BosTokenId}");
        if (tokenizer.EndId != Config.EosTokenId) faults.Add($"</s> is id {tokenizer.EndId}: expected the model's eos_token_id {Config.EosTokenId}");
        return faults.Count == 0 ? tokenizer : throw new CheckpointException(file, faults);
    }

    /// <summary>Name and hash of the model; reads all weights once (<see cref="ModelHash"/>).</summary>
    public ModelIdentity Identify() => new(Name, ModelHash.Of(this));

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    // A part that is not there at all is one fault, and without it the other tensors cannot be judged.
    private void CheckParts(IEnumerable<string> expected)
    {
        List<string> faults =
        [
            .. expected.Select(PartOf).Distinct().Except(Tensors.Keys.Select(PartOf))
                .Select(part => $"{part} is not in the folder: expected its weights beside the others, as they lie in a model that was saved whole"),
        ];
        if (faults.Count > 0) throw new CheckpointException(Path, faults);
    }

    private string PartOf(string canonical) => canonical switch
    {
        _ when canonical.StartsWith("vision_tower.", StringComparison.Ordinal) => Config.VisionTower is { } name ? $"the vision tower ({name})" : "the vision tower",
        _ when canonical.StartsWith("mm_projector.", StringComparison.Ordinal) => "the projector",
        _ => "the language model",
    };

    private static Dictionary<string, TensorView> CanonicalTensors(string path, SafetensorsFile[] files)
    {
        var tensors = new Dictionary<string, TensorView>();
        var faults = new List<string>();
        foreach (var tensor in files.SelectMany(file => file.Tensors.Values))
        {
            if (TensorNames.IsBuffer(tensor.Name)) continue;
            if (!TensorNames.TryGetCanonical(tensor.Name, out var canonical))
                faults.Add($"tensor {tensor.Name} in {tensor.FileName} is extra: no part of the model has that name");
            else if (!tensors.TryAdd(canonical, tensor))
                faults.Add($"tensor {canonical} is there twice, as {Where(tensors[canonical])} and as {Where(tensor)}");
        }

        return faults.Count == 0 ? tensors : throw new CheckpointException(path, faults);

        static string Where(TensorView tensor) => $"{tensor.Name} in {tensor.FileName}";
    }
}
