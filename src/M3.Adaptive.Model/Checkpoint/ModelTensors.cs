using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Names and shapes of all tensors that a model of a configuration needs, worked out without building it: so a folder of any
/// size is checked in milliseconds.
/// </summary>
public static class ModelTensors
{
    /// <summary>Canonical names (<see cref="TensorNames"/>) and shapes.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (C, D) = (config.Vision.HiddenSize, config.Language.HiddenSize);
        return
        [
            .. OfEmbeddings(config.Vision),
            .. Enumerable.Range(0, config.VisionBlocksUsed).SelectMany(layer => OfVisionBlock(config.Vision, layer)),
            .. config.Vision.FinalLayerNorm ? Norm("vision_tower.post_layernorm", C) : [],
            .. Linear("mm_projector.0", D, C),
            .. Linear("mm_projector.2", D, D),
            .. OfLanguage(config.Language),
        ];
    }

    private static IEnumerable<(string, long[])> OfEmbeddings(VisionConfig vision)
    {
        const string at = "vision_tower.embeddings.";
        long C = vision.HiddenSize, patch = vision.PatchSize;
        if (vision.PatchEmbedding == PatchEmbedding.ConvolutionalStem)
        {
            long narrow = vision.StemChannels[0], middle = vision.StemChannels[1];
            long[] channels = [vision.Channels, narrow, middle, middle, middle, C, C, C, C, C];
            return [(at + "position_embedding.weight", [vision.PatchCount, C]), .. Enumerable.Range(0, channels.Length - 1).SelectMany(Convolution)];

            IEnumerable<(string, long[])> Convolution(int i) =>
                [($"{at}stem.{i}.weight", [channels[i + 1], channels[i], 3, 3]), ($"{at}stem.{i}.bias", [channels[i + 1]])];
        }

        return
        [
            (at + "class_embedding", [C]), (at + "patch_embedding.weight", [C, vision.Channels, patch, patch]),
            (at + "position_embedding.weight", [vision.PatchCount + 1, C]), .. Norm("vision_tower.pre_layrnorm", C),
        ];
    }

    private static IEnumerable<(string, long[])> OfVisionBlock(VisionConfig vision, int layer)
    {
        var (at, C) = ($"vision_tower.encoder.layers.{layer}.", vision.HiddenSize);
        return
        [
            .. Norm(at + "layer_norm1", C), .. Linear(at + "self_attn.q_proj", C, C), .. Linear(at + "self_attn.k_proj", C, C),
            .. Linear(at + "self_attn.v_proj", C, C), .. Linear(at + "self_attn.out_proj", C, C), .. Norm(at + "layer_norm2", C),
            .. Linear(at + "mlp.fc1", vision.IntermediateSize, C), .. Linear(at + "mlp.fc2", C, vision.IntermediateSize),
        ];
    }

    private static IEnumerable<(string, long[])> OfLanguage(LanguageConfig language)
    {
        long D = language.HiddenSize, V = language.VocabularySize;
        return
        [
            ("embed_tokens.weight", [V, D]), .. Enumerable.Range(0, language.LayerCount).SelectMany(layer => OfLanguageBlock(language, layer)),
            ("norm.weight", [D]), .. language.TieWordEmbeddings ? Array.Empty<(string, long[])>() : [("lm_head.weight", [V, D])],
        ];
    }

    private static IEnumerable<(string, long[])> OfLanguageBlock(LanguageConfig language, int layer)
    {
        var at = $"layers.{layer}.";
        long D = language.HiddenSize, F = language.IntermediateSize, keys = language.KeyValueHeadCount * language.HeadSize;
        return
        [
            (at + "input_layernorm.weight", [D]), (at + "self_attn.q_proj.weight", [D, D]), (at + "self_attn.k_proj.weight", [keys, D]),
            (at + "self_attn.v_proj.weight", [keys, D]), (at + "self_attn.o_proj.weight", [D, D]), (at + "post_attention_layernorm.weight", [D]),
            (at + "mlp.gate_proj.weight", [F, D]), (at + "mlp.up_proj.weight", [F, D]), (at + "mlp.down_proj.weight", [D, F]),
        ];
    }

    private static (string, long[])[] Linear(string name, long outputs, long inputs) =>
        [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];

    private static (string, long[])[] Norm(string name, long channels) => [(name + ".weight", [channels]), (name + ".bias", [channels])];
}
