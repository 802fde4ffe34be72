using System.Text;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class ModelConfigReaderTests
{
    [Fact]
    public void Parse_LlavaWithoutVisionConfig_IsClipLarge336AndLlamasDefaults()
    {
        var config = Parse("""{"model_type":"llava_llama"}""");

        Assert.Equal(VisionConfig.ClipLarge336 with { StemChannels = config.Vision.StemChannels }, config.Vision);
        Assert.Equal((4096, 11_008, 32, 32, 32), Shape(config.Language));
        Assert.Equal((32_000, 2048, 2048), (config.Language.VocabularySize, config.Language.MaxPositions, config.MaxLength));
        Assert.Equal((1e-6f, 10_000.0, false), (config.Language.RmsNormEps, config.Language.RopeTheta, config.Language.TieWordEmbeddings));
        Assert.Equal((-2, 23, 24), (config.VisionFeatureLayer, config.VisionBlocksUsed, config.Vision.Grid));
        Assert.Equal([1, 9, 36, 144, 576], config.Scales);
        Assert.Equal(("avg_pooling", 1, 2), (config.Pooling, config.BosTokenId, config.EosTokenId));
    }

    [Fact]
    public void Parse_PublishedKeys_AreRead()
    {
        var config = Parse(
            """
            {"model_type":"llava_llama","hidden_size":64,"intermediate_size":96,"num_hidden_layers":3,"num_attention_heads":4,"num_key_value_heads":2,
             "vocab_size":560,"max_position_embeddings":4096,"rms_norm_eps":1e-05,"rope_theta":5000.0,"rope_scaling":null,"tie_word_embeddings":true,
             "tokenizer_model_max_length":2048,"matryoshka_vis_token_scale":[576,144,36,9,1],"matryoshka_vis_token_sample":"spatial",
             "mm_vision_select_layer":-1,"torch_dtype":"bfloat16","bos_token_id":5,"eos_token_id":6,"mm_vision_tower":"openai/clip-vit-large-patch14-336",
             "vision_config":{"hidden_size":32,"intermediate_size":64,"num_hidden_layers":4,"num_attention_heads":4,"image_size":288,"patch_size":12,
               "hidden_act":"gelu","layer_norm_eps":1e-6,"patch_embedding":"conv_stem","stem_channels":[8,16,32],"final_layer_norm":true,"feature_positions":true}}
            """);

        Assert.Equal((64, 96, 3, 4, 2), Shape(config.Language));
        Assert.Equal((560, 4096, 2048, 16), (config.Language.VocabularySize, config.Language.MaxPositions, config.MaxLength, config.Language.HeadSize));
        Assert.Equal((1e-5f, 5000.0, true), (config.Language.RmsNormEps, config.Language.RopeTheta, config.Language.TieWordEmbeddings));
        Assert.Equal(("spatial", "bfloat16", 5, 6), (config.Pooling, config.TorchDtype, config.BosTokenId, config.EosTokenId));
        Assert.Equal((32, 64, 4, 4, 288, 12), (config.Vision.HiddenSize, config.Vision.IntermediateSize, config.Vision.LayerCount, config.Vision.HeadCount, config.Vision.ImageSize, config.Vision.PatchSize));
        Assert.Equal((PatchEmbedding.ConvolutionalStem, false), (config.Vision.PatchEmbedding, config.Vision.HasClassToken));
        Assert.Equal((true, true), (config.Vision.FinalLayerNorm, config.Vision.FeaturePositions));
        Assert.Equal([8, 16, 32], config.Vision.StemChannels);
        Assert.Equal(("gelu", 1e-6f, 4), (config.Vision.HiddenAct, config.Vision.LayerNormEps, config.VisionBlocksUsed));
    }

    [Theory]
    [InlineData("""{"model_type":"llava_llama"}""", false)]
    [InlineData("""{"model_type":"llava_llama","lowercase_questions":true}""", true)]
    [InlineData("""{"model_type":"llava","lowercase_questions":true,"vision_config":{"image_size":336,"patch_size":14}}""", true)]
    public void Parse_CaseOfQuestions_IsKeptUnlessTheFolderSaysOtherwise(string json, bool lowercase)
    {
        var config = Parse(json);

        Assert.Equal(lowercase, config.LowercaseQuestions);
        Assert.Equal(lowercase, ModelConfigReader.Parse("again", ModelConfigWriter.ToJson(config)).LowercaseQuestions);
    }

    [Fact]
    public void Parse_ConvertedStyle_TakesClassDefaults()
    {
        var config = Parse("""{"model_type":"llava","text_config":{"model_type":"llama","vocab_size":32064,"rms_norm_eps":1e-5},"vision_config":{"image_size":336,"patch_size":14}}""");

        Assert.Equal((4096, 11_008, 32, 32, 32), Shape(config.Language));
        Assert.Equal((32_064, 1e-5f), (config.Language.VocabularySize, config.Language.RmsNormEps));
        Assert.Equal((768, 3072, 12, 12), (config.Vision.HiddenSize, config.Vision.IntermediateSize, config.Vision.LayerCount, config.Vision.HeadCount));
        Assert.Equal(("quick_gelu", 1e-5f), (config.Vision.HiddenAct, config.Vision.LayerNormEps));
    }

    [Theory]
    [InlineData("mm_vision_tower", "\"openai/clip-vit-large-patch14-336\"")]
    [InlineData("mm_hidden_size", "1024")]
    [InlineData("mm_projector_type", "\"mlp2x_gelu\"")]
    public void Parse_TypeOfTheConvertedStyleWithLlavasOwnKeys_IsReadAsLlavas(string key, string value)
    {
        var config = Parse($$"""{"model_type":"llava","hidden_size":2048,"{{key}}":{{value}}}""");

        Assert.Equal((2048, 1024), (config.Language.HiddenSize, config.Vision.HiddenSize));
    }

    [Fact]
    public void Parse_NewerSpellings_AreRead()
    {
        var config = Parse(
            """
            {"model_type":"llava","dtype":"bfloat16","text_config":{"rope_parameters":{"rope_type":"default","rope_theta":50000.0}},
             "vision_config":{"image_size":336,"patch_size":14},"tie_word_embeddings":true}
            """);

        Assert.Equal((50_000.0, "bfloat16", true), (config.Language.RopeTheta, config.TorchDtype, config.Language.TieWordEmbeddings));
    }

    [Theory]
    [InlineData("""{"rope_theta":50000}""")]
    [InlineData("""{"rope_theta":50000,"rope_scaling":null,"rope_parameters":null}""")]
    [InlineData("""{"rope_theta":50000,"rope_scaling":{"rope_type":"default"}}""")]
    [InlineData("""{"rope_theta":50000,"rope_scaling":{"type":"default","factor":1.0}}""")]
    [InlineData("""{"rope_theta":50000,"rope_parameters":{"rope_type":"default"}}""")]
    [InlineData("""{"rope_theta":50000,"rope_parameters":{"rope_theta":5e4}}""")]
    [InlineData("""{"rope_parameters":{"rope_type":"default","rope_theta":50000.0,"partial_rotary_factor":1.0}}""")]
    [InlineData("""{"rope_scaling":{"rope_theta":50000}}""")]
    public void Parse_BaseOfTheRotaryAnglesInAnySpelling_IsRead(string fields)
    {
        var flat = Parse(fields.Insert(1, "\"model_type\":\"llava_llama\","));
        var nested = Parse($$$"""{"model_type":"llava","text_config":{{{fields}}},"vision_config":{"image_size":336,"patch_size":14}}""");

        Assert.Equal((50_000, 50_000), (flat.Language.RopeTheta, nested.Language.RopeTheta));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("""{"model_type":"llava","model_type":"llava"}""", "not JSON")]
    [InlineData("{}", "model_type is missing")]
    [InlineData("""{"model_type":"llava_mistral"}""", "model_type is \"llava_mistral\": expected llava_llama or llava")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":0}""", "hidden_size is 0: expected a whole number from 1")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":-64}""", "hidden_size is -64")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":"64"}""", "hidden_size is \"64\"")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":1e12}""", "hidden_size is 1e12")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":100}""", "100 does not give 32 heads")]
    [InlineData("""{"model_type":"llava_llama","hidden_size":96}""", "heads of even size")]
    [InlineData("""{"model_type":"llava_llama","num_hidden_layers":100000}""", "num_hidden_layers is 100000")]
    [InlineData("""{"model_type":"llava_llama","num_key_value_heads":5}""", "no multiple of num_key_value_heads 5")]
    [InlineData("""{"model_type":"llava_llama","head_dim":64}""", "head_dim is 64: expected 128")]
    [InlineData("""{"model_type":"llava_llama","hidden_act":"gelu"}""", "hidden_act is \"gelu\": expected silu")]
    [InlineData("""{"model_type":"llava_llama","attention_bias":true}""", "attention_bias is true: expected false")]
    [InlineData("""{"model_type":"llava_llama","attention_bias":0}""", "attention_bias is 0: expected true or false")]
    [InlineData("""{"model_type":"llava_llama","rope_scaling":{"type":"linear","factor":2}}""", "rope_scaling.type is \"linear\": expected default")]
    [InlineData("""{"model_type":"llava_llama","rope_scaling":"linear"}""", "rope_scaling is \"linear\": expected an object")]
    [InlineData("""{"model_type":"llava_llama","rope_scaling":{"factor":2}}""", "rope_scaling.factor is 2: expected none")]
    [InlineData("""{"model_type":"llava_llama","rope_parameters":{"rope_type":"yarn"}}""", "rope_parameters.rope_type is \"yarn\": expected default")]
    [InlineData("""{"model_type":"llava_llama","rope_parameters":{"rope_type":"default","type":"dynamic"}}""", "rope_parameters.type is \"dynamic\": expected default")]
    [InlineData("""{"model_type":"llava_llama","rope_parameters":{"partial_rotary_factor":0.5}}""", "rope_parameters.partial_rotary_factor is 0.5: expected none")]
    [InlineData("""{"model_type":"llava_llama","partial_rotary_factor":0.5}""", "partial_rotary_factor is 0.5: expected none")]
    [InlineData("""{"model_type":"llava_llama","rope_theta":10000,"rope_parameters":{"rope_theta":5e4}}""", "rope_parameters.rope_theta is 5e4: expected 10000")]
    [InlineData("""{"model_type":"llava_llama","rope_scaling":{"rope_theta":1},"rope_parameters":{"rope_theta":2}}""", "rope_scaling.rope_theta is 1: expected 2")]
    [InlineData("""{"model_type":"llava_llama","rope_parameters":{"rope_theta":"5"}}""", "rope_parameters.rope_theta is \"5\": expected a number")]
    [InlineData("""{"model_type":"llava_llama","rms_norm_eps":0}""", "rms_norm_eps is 0: expected a number above 0")]
    [InlineData("""{"model_type":"llava_llama","mm_projector_type":"linear"}""", "mm_projector_type is \"linear\": expected mlp2x_gelu")]
    [InlineData("""{"model_type":"llava_llama","image_aspect_ratio":"anyres"}""", "image_aspect_ratio is \"anyres\": expected pad")]
    [InlineData("""{"model_type":"llava_llama","mm_vision_select_feature":"cls_patch"}""", "expected patch")]
    [InlineData("""{"model_type":"llava_llama","mm_vision_select_layer":-26}""", "selected vision layer -26")]
    [InlineData("""{"model_type":"llava_llama","mm_vision_select_layer":25}""", "selected vision layer 25")]
    [InlineData("""{"model_type":"llava_llama","matryoshka_vis_token_scale":[]}""", "matryoshka_vis_token_scale is []")]
    [InlineData("""{"model_type":"llava_llama","matryoshka_vis_token_scale":[576,"1"]}""", "expected a list of positive whole numbers")]
    [InlineData("""{"model_type":"llava_llama","matryoshka_vis_token_scale":[256]}""", "scale 256 is no square that divides the grid of 24 x 24")]
    [InlineData("""{"model_type":"llava_llama","matryoshka_vis_token_scale":[8]}""", "scale 8 is no square")]
    [InlineData("""{"model_type":"llava_llama","matryoshka_vis_token_sample":"random"}""", "expected avg_pooling or sequential or spatial")]
    [InlineData("""{"model_type":"llava_llama","eos_token_id":32000}""", "eos_token_id is 32000")]
    [InlineData("""{"model_type":"llava_llama","torch_dtype":"float8"}""", "torch_dtype is \"float8\"")]
    [InlineData("""{"model_type":"llava_llama","vision_config":7}""", "vision_config is 7: expected an object")]
    [InlineData("""{"model_type":"llava_llama","vision_config":{"hidden_size":100}}""", "hidden_size 100 is no multiple of its 16 heads")]
    [InlineData("""{"model_type":"llava_llama","vision_config":{"patch_size":13}}""", "image_size 336 is no multiple of patch_size 13")]
    [InlineData("""{"model_type":"llava_llama","vision_config":{"num_channels":1}}""", "vision_config.num_channels is 1: expected 3")]
    [InlineData("""{"model_type":"llava_llama","vision_config":{"patch_embedding":"conv_stem"}}""", "expected three, the last of them hidden_size 1024")]
    [InlineData("""{"model_type":"llava","vision_feature_select_strategy":"full"}""", "expected default")]
    [InlineData("""{"model_type":"llava","text_config":{"model_type":"mistral"}}""", "text_config.model_type is \"mistral\": expected llama")]
    [InlineData("""{"model_type":"llava","vision_config":{"model_type":"siglip_vision_model"}}""", "expected clip_vision_model")]
    [InlineData("""{"model_type":"llava","vision_feature_layer":[-2,-5]}""", "vision_feature_layer is [-2,-5]")]
    public void Parse_ConfigThatCannotBeRun_IsRefusedWithKeyAndRemedy(string json, string reason)
    {
        var fault = Assert.Throws<CheckpointException>(() => Parse(json));

        Assert.Contains(reason, fault.Message);
        Assert.StartsWith("folder/config.json: ", fault.Message);
    }

    [Fact]
    public void Parse_SeveralFaults_NamesAllAtOnce()
    {
        var fault = Assert.Throws<CheckpointException>(
            () => Parse("""{"model_type":"llava_llama","hidden_act":"relu","vocab_size":-1,"vision_config":{"patch_size":13,"hidden_act":"relu"}}"""));

        Assert.True(fault.Faults.Count >= 4, fault.Message);
        Assert.All((string[])["hidden_act", "vocab_size", "patch_size", "vision_config.hidden_act"], key => Assert.Contains(key, fault.Message));
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void ToJson_AnyConfig_ComesBackTheSame()
    {
        var config = Parse(
            """
            {"model_type":"llava_llama","hidden_size":64,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":560,"rms_norm_eps":3e-5,"rope_theta":12345.5,
             "tie_word_embeddings":true,"mm_vision_select_layer":-1,"matryoshka_vis_token_scale":[36,9],"matryoshka_vis_token_sample":"sequential","torch_dtype":"float16",
             "vision_config":{"hidden_size":160,"num_attention_heads":2,"num_hidden_layers":2,"image_size":288,"patch_size":12,"patch_embedding":"conv_stem","final_layer_norm":true}}
            """);
        var json = ModelConfigWriter.ToJson(config);

        var back = ModelConfigReader.Parse("back", json);

        Assert.Equal(json, ModelConfigWriter.ToJson(back));
        Assert.Equal(config.Language, back.Language);
        Assert.Equal(config.Vision with { StemChannels = back.Vision.StemChannels }, back.Vision);
        Assert.Equal(config.Scales, back.Scales);
        Assert.Equal(config with { Vision = back.Vision, Language = back.Language, Scales = back.Scales }, back);
    }

    private static ModelConfig Parse(string json) => ModelConfigReader.Parse("folder/config.json", Encoding.UTF8.GetBytes(json));

    private static (int, int, int, int, int) Shape(LanguageConfig language) =>
        (language.HiddenSize, language.IntermediateSize, language.LayerCount, language.HeadCount, language.KeyValueHeadCount);
}
