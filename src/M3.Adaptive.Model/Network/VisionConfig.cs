namespace M3.Adaptive.Model.Network;

/// <summary>How the vision tower turns pixels into one vector a patch.</summary>
public enum PatchEmbedding
{
    /// <summary>CLIP's: one convolution whose kernel and stride are the patch, without bias.</summary>
    Linear,

    /// <summary>A small convolutional stem of residual blocks, which learns several times faster; no class token.</summary>
    ConvolutionalStem,
}

/// <summary>Shape of the vision tower; <c>vision_config</c> in <c>config.json</c>.</summary>
public sealed record VisionConfig
{
    /// <summary>The tower of LLaVA-1.5 and of M3, which their configuration states by name only.</summary>
    public static VisionConfig ClipLarge336 { get; } = new()
    {
        HiddenSize = 1024,
        IntermediateSize = 4096,
        LayerCount = 24,
        HeadCount = 16,
        ImageSize = 336,
        PatchSize = 14,
    };

    /// <summary>Channels of a patch's vector.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Channels between the two layers of a block's MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Transformer blocks that the tower was made with; <see cref="ModelConfig.VisionBlocksUsed"/> of them run.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Side of the square picture, in pixels; a multiple of <see cref="PatchSize"/>.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of one patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Colour channels of the picture.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Activation of the MLP: <c>quick_gelu</c>, x·sigmoid(1.702 x), or <c>gelu</c>, the exact one.</summary>
    public string HiddenAct { get; init; } = "quick_gelu";

    /// <summary>Added to the variance in every layer norm.</summary>
    public float LayerNormEps { get; init; } = 1e-5f;

    /// <summary>Key <c>patch_embedding</c>: absent or <c>linear</c> is CLIP's, <c>conv_stem</c> the convolutional stem.</summary>
    public PatchEmbedding PatchEmbedding { get; init; } = PatchEmbedding.Linear;

    /// <summary>Key <c>stem_channels</c>: channels after the stem's three strided convolutions; the last equals <see cref="HiddenSize"/>.</summary>
    public int[] StemChannels { get; init; } = [24, 48, 160];

    /// <summary>Key <c>final_layer_norm</c>: whether the selected features pass through <c>post_layernorm</c>. CLIP as LLaVA uses it: no.</summary>
    public bool FinalLayerNorm { get; init; }

    /// <summary>
    /// Key <c>feature_positions</c>: whether fixed waves along rows and columns are added to the selected features. CLIP: no. A small
    /// tower lets its own positions fade while it learns to name patches; the decoder needs them.
    /// </summary>
    public bool FeaturePositions { get; init; }

    /// <summary>Whether a class token stands before the patches; it is dropped from the features.</summary>
    public bool HasClassToken => PatchEmbedding == PatchEmbedding.Linear;

    /// <summary>Patches along one side of the picture.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>Patches of one picture.</summary>
    public int PatchCount => Grid * Grid;
}
