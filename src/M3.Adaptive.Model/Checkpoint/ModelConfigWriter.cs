using System.Text.Json;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Writes <c>config.json</c> in LLaVA's style with the keys of the published M3 checkpoint, and the tower under
/// <c>vision_config</c>.
/// </summary>
public static class ModelConfigWriter
{
    internal static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>UTF-8 JSON that <see cref="ModelConfigReader"/> reads back to the same configuration.</summary>
    public static byte[] ToJson(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlavaLlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llava_llama");
            WriteLanguage(json, config.Language);
            json.WriteNumber("bos_token_id", config.BosTokenId);
            json.WriteNumber("eos_token_id", config.EosTokenId);
            json.WriteNumber("tokenizer_model_max_length", config.MaxLength);
            json.WriteString("torch_dtype", config.TorchDtype);
            json.WriteString("image_aspect_ratio", "pad");
            json.WriteString("mm_patch_merge_type", "flat");
            json.WriteString("mm_projector_type", "mlp2x_gelu");
            json.WriteNumber("mm_hidden_size", config.Vision.HiddenSize);
            json.WriteBoolean("mm_use_im_start_end", false);
            json.WriteBoolean("mm_use_im_patch_token", false);
            json.WriteString("mm_vision_select_feature", "patch");
            json.WriteNumber("mm_vision_select_layer", config.VisionFeatureLayer);
            json.WriteBoolean("unfreeze_mm_vision_tower", true);
            WriteNumbers(json, "matryoshka_vis_token_scale", config.Scales.OrderDescending());
            json.WriteString("matryoshka_vis_token_sample", config.Pooling);
            if (config.LowercaseQuestions) json.WriteBoolean(ModelConfigReader.LowercaseQuestions, true);
            WriteVision(json, config.Vision);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteLanguage(Utf8JsonWriter json, LanguageConfig language)
    {
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("hidden_size", language.HiddenSize);
        json.WriteNumber("intermediate_size", language.IntermediateSize);
        json.WriteNumber("num_hidden_layers", language.LayerCount);
        json.WriteNumber("num_attention_heads", language.HeadCount);
        json.WriteNumber("num_key_value_heads", language.KeyValueHeadCount);
        json.WriteNumber("vocab_size", language.VocabularySize);
        json.WriteNumber("max_position_embeddings", language.MaxPositions);
        json.WriteNumber("rms_norm_eps", language.RmsNormEps);
        json.WriteNumber("rope_theta", language.RopeTheta);
        json.WriteNull("rope_scaling");
        json.WriteBoolean("tie_word_embeddings", language.TieWordEmbeddings);
        json.WriteBoolean("attention_bias", false);
    }

    private static void WriteVision(Utf8JsonWriter json, VisionConfig vision)
    {
        json.WriteStartObject("vision_config");
        json.WriteString("model_type", "clip_vision_model");
        json.WriteNumber("hidden_size", vision.HiddenSize);
        json.WriteNumber("intermediate_size", vision.IntermediateSize);
        json.WriteNumber("num_hidden_layers", vision.LayerCount);
        json.WriteNumber("num_attention_heads", vision.HeadCount);
        json.WriteNumber("image_size", vision.ImageSize);
        json.WriteNumber("patch_size", vision.PatchSize);
        json.WriteNumber("num_channels", vision.Channels);
        json.WriteString("hidden_act", vision.HiddenAct);
        json.WriteNumber("layer_norm_eps", vision.LayerNormEps);
        if (vision.PatchEmbedding == PatchEmbedding.ConvolutionalStem)
        {
            json.WriteString("patch_embedding", "conv_stem");
            WriteNumbers(json, "stem_channels", vision.StemChannels);
        }

        if (vision.FinalLayerNorm) json.WriteBoolean("final_layer_norm", true);
        if (vision.FeaturePositions) json.WriteBoolean("feature_positions", true);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<int> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
