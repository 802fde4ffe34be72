namespace M3.Adaptive.TestKit.Golden;

/// <summary><c>index.json</c> of a golden folder; paths in it are relative to the folder.</summary>
public sealed record GoldenIndex
{
    /// <summary>The folder's absolute path.</summary>
    public string Root { get; init; } = "";

    public required GoldenTokenizer Tokenizer { get; init; }

    public required GoldenImages Images { get; init; }

    public required IReadOnlyList<GoldenCheckpoint> Checkpoints { get; init; }

    public required GoldenTolerances Tolerances { get; init; }

    public string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    public GoldenCheckpoint Checkpoint(string name) => Checkpoints.Single(checkpoint => checkpoint.Name == name);
}

/// <summary>A SentencePiece model and its cases.</summary>
public sealed record GoldenTokenizer(string Model, string Cases);

/// <summary>Expected values of the pictures (JSON and safetensors), and of the files to refuse.</summary>
public sealed record GoldenImages(string Expected, string Tensors, string Bad);

/// <summary>A checkpoint folder, its cases (JSON) and its expected values (safetensors).</summary>
public sealed record GoldenCheckpoint(string Folder, string Cases, string Tensors)
{
    public string Name => Path.GetFileName(Folder);
}

/// <summary>How near a value must come.</summary>
/// <param name="LayersRelativeToLargest">Largest difference over the largest magnitude of the tensor: hidden states, projected and pooled tokens.</param>
/// <param name="LogitsAbsolute">Largest absolute difference of logits.</param>
/// <param name="LogProbabilityAbsolute">Absolute difference of one token's log-probability; a sum gets this much for each token.</param>
/// <param name="MarginAbsolute">Absolute difference of a top-2 margin.</param>
/// <param name="PixelUlp">Units in the last place of a normalised pixel.</param>
public sealed record GoldenTolerances(
    double LayersRelativeToLargest, double LogitsAbsolute, double LogProbabilityAbsolute, double MarginAbsolute, int PixelUlp);
