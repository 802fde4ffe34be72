using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>The shape of m3-nano: LLaVA-1.5's layout at a size that two processor cores train and serve.</summary>
internal static class NanoModel
{
    /// <summary>M3's way; the others are for study.</summary>
    public const string AveragePooling = "avg_pooling";

    /// <param name="vocabulary">Pieces of the tokenizer.</param>
    /// <param name="pooling">How coarse sets are made, as <see cref="TokenPooling.Parse"/> reads it.</param>
    public static ModelConfig Config(int vocabulary, string pooling = AveragePooling) => new()
    {
        Pooling = pooling,
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
            RopeTheta = 1_000_000,       // half of the frequencies hardly turn within the context: by them, attention finds content
            TieWordEmbeddings = true,    // ties what a patch is named to the word itself
        },
        MaxLength = 1024,
        LowercaseQuestions = true,           // as its training data's are
        TorchDtype = "bfloat16",
    };
}
