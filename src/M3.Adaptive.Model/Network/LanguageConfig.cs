namespace M3.Adaptive.Model.Network;

/// <summary>Shape of the Llama decoder.</summary>
public sealed record LanguageConfig
{
    /// <summary>Channels of a token's vector.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Channels between the layers of a block's SwiGLU.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Decoder blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads; divides <see cref="HeadCount"/>. Head j serves query heads j·g to j·g + g - 1.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Rows of the embedding and of the output head; at least the tokenizer's pieces.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Positions that the rotary embedding was trained for.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Added to the mean square in every RMS norm.</summary>
    public float RmsNormEps { get; init; } = 1e-6f;

    /// <summary>Base of the rotary angles.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Whether the output head is the embedding; then there is no tensor <c>lm_head.weight</c>.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Channels of one head.</summary>
    public int HeadSize => HiddenSize / HeadCount;
}
