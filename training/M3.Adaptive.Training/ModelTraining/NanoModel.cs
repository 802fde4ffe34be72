using M3.Adaptive.Model;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>The shape of m3-nano: LLaVA-1.5's layout at a size that two processor cores train and serve.</summary>
internal static class NanoModel
{
    /// <param name="vocabulary">Pieces of the tokenizer.</param>
    public static ModelConfig Config(int vocabulary) => new()
    {
        Vision = new VisionConfig
        {
            PatchEmbedding = PatchEmbedding.ConvolutionalStem,
            ImageSize = 288,
            PatchSize = 12,              // 24 x 24 patches, so the ladder is the big model's
            StemChannels = [24, 48, 160],
            HiddenSize = 160,
            IntermediateSize = 640,
            LayerCount = 2,
            HeadCount = 2,               // more heads were slower and no better
            HiddenAct = "gelu",
            FinalLayerNorm = true,
            FeaturePositions = true,
        },
        VisionFeatureLayer = -1,
        Language = new LanguageConfig
        {
            HiddenSize = 288,
            IntermediateSize = 832,      // encoding a picture costs about 200 visual tokens of this decoder
            LayerCount = 6,
            HeadCount = 4,
            KeyValueHeadCount = 4,
            VocabularySize = vocabulary,
            MaxPositions = 1024,         // 576 visual tokens, prompt and answer
            RmsNormEps = 1e-5f,
            TieWordEmbeddings = true,    // ties what a patch is named to the word itself
        },
        MaxLength = 1024,
        TorchDtype = "bfloat16",
    };
}
