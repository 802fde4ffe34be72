using System.Text.Json;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Reads <c>config.json</c> in LLaVA's style (one flat object, the tower under <c>vision_config</c> or CLIP ViT-L/14-336) and in
/// the converted one (<c>text_config</c> and <c>vision_config</c>). What equals a class default may be left out in either.
/// What the network does not do (other activations, rope scaling, tiles) is refused by name, all of it at once.
/// </summary>
public static class ModelConfigReader
{
    /// <summary>A key of this product, absent in published checkpoints.</summary>
    internal const string LowercaseQuestions = "lowercase_questions";

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">It is missing, no JSON, or describes a model that cannot be run.</exception>
    public static ModelConfig Read(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, "there is no such file: a checkpoint folder needs its config.json");
        using var document = CheckpointJson.Read(path);
        return Parse(path, document.RootElement);
    }

    /// <summary>Reads UTF-8 JSON; <paramref name="path"/> is what errors call it.</summary>
    /// <exception cref="CheckpointException">It is no JSON, or describes a model that cannot be run.</exception>
    public static ModelConfig Parse(string path, ReadOnlyMemory<byte> utf8)
    {
        using var document = CheckpointJson.Parse(path, utf8);
        return Parse(path, document.RootElement);
    }

    private static ModelConfig Parse(string path, JsonElement json)
    {
        var faults = new List<string>();
        var root = new JsonFields(json, "", faults);
        if (!root.Has("model_type")) throw new CheckpointException(path, "model_type is missing: expected llava_llama or llava");
        var converted = root.OneOf("model_type", "llava_llama", "llava") == "llava" && !IsOfLlavasOwnStyle(root);
        var config = (converted ? ReadConverted(root) : ReadLlava(root)) with { LowercaseQuestions = root.Flag(LowercaseQuestions, false) };
        faults.AddRange(ModelConfigRules.Faults(config));
        return faults.Count == 0 ? config : throw new CheckpointException(path, faults);
    }

    // The first LLaVA models have the type that the converted form was given later.
    private static bool IsOfLlavasOwnStyle(JsonFields root) =>
        !root.Has("text_config") && (root.Has("mm_vision_tower") || root.Has("mm_hidden_size") || root.Has("mm_projector_type"));

    private static ModelConfig ReadLlava(JsonFields root)
    {
        root.OneOf("mm_projector_type", "mlp2x_gelu");
        root.OneOf("mm_vision_select_feature", "patch");
        root.OneOf("image_aspect_ratio", "pad");
        root.OneOf("mm_patch_merge_type", "flat");
        root.Only("mm_use_im_start_end", supported: false);
        root.Absent("mm_resampler_type");
        var language = ReadLanguage(root);
        return new ModelConfig
        {
            Vision = root.Object("vision_config") is { } vision ? ReadVision(vision, VisionConfig.ClipLarge336) : VisionConfig.ClipLarge336,
            VisionTower = root.Text("mm_vision_tower"),
            Language = language,
            VisionFeatureLayer = root.Integer("mm_vision_select_layer", -2, -1024, 1024),
            Scales = [.. root.Integers("matryoshka_vis_token_scale", [1, 9, 36, 144, 576]).Order()],
            Pooling = root.OneOf("matryoshka_vis_token_sample", "avg_pooling", "sequential", "spatial"),
            BosTokenId = root.Integer("bos_token_id", 1, 0, language.VocabularySize - 1),
            EosTokenId = root.Integer("eos_token_id", 2, 0, language.VocabularySize - 1),
            MaxLength = root.Positive("tokenizer_model_max_length", language.MaxPositions),
            TorchDtype = ReadDtype(root),
        };
    }

    private static ModelConfig ReadConverted(JsonFields root)
    {
        root.OneOf("projector_hidden_act", "gelu");
        root.OneOf("vision_feature_select_strategy", "default");
        root.Only("multimodal_projector_bias", supported: true);
        var text = root.Object("text_config") ?? root.Empty();
        text.OneOf("model_type", "llama");
        var vision = root.Object("vision_config") ?? root.Empty();
        vision.OneOf("model_type", "clip_vision_model");
        var language = ReadLanguage(text) with { TieWordEmbeddings = root.Flag("tie_word_embeddings", text.Flag("tie_word_embeddings", false)) };
        return new ModelConfig
        {
            Vision = ReadVision(vision, ClipClassDefaults),
            Language = language,
            VisionFeatureLayer = root.Integer("vision_feature_layer", -2, -1024, 1024),
            BosTokenId = text.Integer("bos_token_id", 1, 0, language.VocabularySize - 1),
            EosTokenId = text.Integer("eos_token_id", 2, 0, language.VocabularySize - 1),
            MaxLength = language.MaxPositions,
            TorchDtype = ReadDtype(root),
        };
    }

    private static VisionConfig ClipClassDefaults => new()
    {
        HiddenSize = 768,
        IntermediateSize = 3072,
        LayerCount = 12,
        HeadCount = 12,
        ImageSize = 224,
        PatchSize = 32,
    };

    private static VisionConfig ReadVision(JsonFields vision, VisionConfig absent) => new()
    {
        HiddenSize = vision.Positive("hidden_size", absent.HiddenSize),
        IntermediateSize = vision.Positive("intermediate_size", absent.IntermediateSize),
        LayerCount = vision.Integer("num_hidden_layers", absent.LayerCount, 1, 1024),
        HeadCount = vision.Positive("num_attention_heads", absent.HeadCount),
        ImageSize = vision.Integer("image_size", absent.ImageSize, 1, 4096),
        PatchSize = vision.Integer("patch_size", absent.PatchSize, 1, 4096),
        Channels = vision.Integer("num_channels", 3, 3, 3),
        HiddenAct = vision.OneOf("hidden_act", "quick_gelu", "gelu"),
        LayerNormEps = (float)vision.Number("layer_norm_eps", 1e-5),
        PatchEmbedding = vision.OneOf("patch_embedding", "linear", "conv_stem") == "linear"
            ? PatchEmbedding.Linear
            : PatchEmbedding.ConvolutionalStem,
        StemChannels = vision.Integers("stem_channels", absent.StemChannels),
        FinalLayerNorm = vision.Flag("final_layer_norm", false),
        FeaturePositions = vision.Flag("feature_positions", false),
    };

    private static LanguageConfig ReadLanguage(JsonFields text)
    {
        text.OneOf("hidden_act", "silu");
        text.Only("attention_bias", supported: false);
        text.Only("mlp_bias", supported: false);
        var (hidden, heads) = (text.Positive("hidden_size", 4096), text.Positive("num_attention_heads", 32));
        text.Integer("head_dim", hidden / heads, hidden / heads, hidden / heads);
        return new LanguageConfig
        {
            HiddenSize = hidden,
            IntermediateSize = text.Positive("intermediate_size", 11_008),
            LayerCount = text.Integer("num_hidden_layers", 32, 1, 1024),
            HeadCount = heads,
            KeyValueHeadCount = text.Positive("num_key_value_heads", heads),
            VocabularySize = text.Positive("vocab_size", 32_000),
            MaxPositions = text.Positive("max_position_embeddings", 2048),
            RmsNormEps = (float)text.Number("rms_norm_eps", 1e-6),
            RopeTheta = RotaryFields.ReadBase(text),
            TieWordEmbeddings = text.Flag("tie_word_embeddings", false),
        };
    }

    private static string ReadDtype(JsonFields root) => root.OneOf(root.Has("dtype") ? "dtype" : "torch_dtype", "float32", "bfloat16", "float16");
}
