using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Tests.Costs;

internal static class Shapes
{
    /// <summary>LLaVA-1.5-7B-M3 as published.</summary>
    public static ModelConfig Llava7B { get; } = new()
    {
        Vision = VisionConfig.ClipLarge336,
        Language = new()
        {
            HiddenSize = 4096,
            IntermediateSize = 11008,
            LayerCount = 32,
            HeadCount = 32,
            KeyValueHeadCount = 32,
            VocabularySize = 32000,
            MaxPositions = 4096,
        },
    };
}
