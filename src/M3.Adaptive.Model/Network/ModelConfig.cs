namespace M3.Adaptive.Model.Network;

/// <summary>What <c>config.json</c> says about a model of the LLaVA-1.5 layout, in either key style.</summary>
public sealed record ModelConfig
{
    /// <summary>The vision tower.</summary>
    public required VisionConfig Vision { get; init; }

    /// <summary>What the vision tower is published as by itself; null when the configuration does not say. No part of what the model computes.</summary>
    public string? VisionTower { get; init; }

    /// <summary>The decoder.</summary>
    public required LanguageConfig Language { get; init; }

    /// <summary>
    /// Which hidden state of the tower is taken: an index of (state before block 0, after block 0, after block 1, ...),
    /// negative ones counted from the end.
    /// </summary>
    public int VisionFeatureLayer { get; init; } = -2;

    /// <summary>Rungs of the ladder that the model was trained for, coarse to fine.</summary>
    public int[] Scales { get; init; } = [1, 9, 36, 144, 576];

    /// <summary>How coarse sets are made: <c>avg_pooling</c>, or, for study, <c>sequential</c> or <c>spatial</c> sampling.</summary>
    public string Pooling { get; init; } = "avg_pooling";

    /// <summary>Starts every prompt.</summary>
    public int BosTokenId { get; init; } = 1;

    /// <summary>Ends an answer.</summary>
    public int EosTokenId { get; init; } = 2;

    /// <summary>Longest sequence, visual tokens and answer included.</summary>
    public int MaxLength { get; init; } = 2048;

    /// <summary>
    /// Whether the model was trained on questions in lower case only, so that prompts put them so. No part of the weights nor of the model's
    /// hash: labels and predictors made before the field was written stay bound to their model.
    /// </summary>
    public bool LowercaseQuestions { get; init; }

    /// <summary>Type the weights are stored in, as the configuration names it: <c>float32</c>, <c>bfloat16</c> or <c>float16</c>.</summary>
    public string TorchDtype { get; init; } = "float32";

    /// <summary>Channels between the projector's two layers.</summary>
    public int ProjectorHiddenSize => Language.HiddenSize;

    /// <summary>Blocks of the tower that run: those up to the selected hidden state.</summary>
    public int VisionBlocksUsed => VisionFeatureLayer >= 0 ? VisionFeatureLayer : Vision.LayerCount + 1 + VisionFeatureLayer;
}
