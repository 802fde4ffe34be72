using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>What the numbers of a configuration must be to each other.</summary>
internal static class ModelConfigRules
{
    /// <summary>Every rule that is broken, in words; none when the model can be built.</summary>
    public static IEnumerable<string> Faults(ModelConfig config) => OfVision(config).Concat(OfLanguage(config)).Concat(OfScales(config));

    private static IEnumerable<string> OfVision(ModelConfig config)
    {
        var vision = config.Vision;
        if (vision.HiddenSize % vision.HeadCount != 0)
            yield return $"the vision tower's hidden_size {vision.HiddenSize} is no multiple of its {vision.HeadCount} heads";
        if (vision.ImageSize % vision.PatchSize != 0)
            yield return $"image_size {vision.ImageSize} is no multiple of patch_size {vision.PatchSize}";
        if (config.VisionBlocksUsed < 0 || config.VisionBlocksUsed > vision.LayerCount)
            yield return $"the selected vision layer {config.VisionFeatureLayer} is not one of a tower of {vision.LayerCount} layers";
        var stem = vision.StemChannels;
        if (vision.PatchEmbedding == PatchEmbedding.ConvolutionalStem && (stem.Length != 3 || stem[2] != vision.HiddenSize))
            yield return $"stem_channels [{string.Join(", ", stem)}]: expected three, the last of them hidden_size {vision.HiddenSize}";
    }

    private static IEnumerable<string> OfLanguage(ModelConfig config)
    {
        var language = config.Language;
        if (language.HiddenSize % language.HeadCount != 0 || language.HeadSize % 2 != 0)
            yield return $"the decoder's hidden_size {language.HiddenSize} does not give {language.HeadCount} heads of even size";
        if (language.HeadCount % language.KeyValueHeadCount != 0)
            yield return $"num_attention_heads {language.HeadCount} is no multiple of num_key_value_heads {language.KeyValueHeadCount}";
    }

    private static IEnumerable<string> OfScales(ModelConfig config)
    {
        foreach (var scale in config.Scales)
        {
            var side = (int)Math.Sqrt(scale);
            if (side * side != scale || config.Vision.Grid % side != 0)
                yield return $"scale {scale} is no square that divides the grid of {config.Vision.Grid} x {config.Vision.Grid} patches";
        }
    }
}
