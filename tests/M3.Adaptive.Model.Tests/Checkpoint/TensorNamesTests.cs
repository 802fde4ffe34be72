using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class TensorNamesTests
{
    [Theory]
    [InlineData("model.vision_tower.vision_tower.vision_model.embeddings.class_embedding", "vision_tower.embeddings.class_embedding")]
    [InlineData("model.vision_tower.vision_tower.vision_model.encoder.layers.3.self_attn.q_proj.bias", "vision_tower.encoder.layers.3.self_attn.q_proj.bias")]
    [InlineData("model.mm_projector.0.weight", "mm_projector.0.weight")]
    [InlineData("model.mm_projector.2.bias", "mm_projector.2.bias")]
    [InlineData("model.layers.31.mlp.down_proj.weight", "layers.31.mlp.down_proj.weight")]
    [InlineData("model.embed_tokens.weight", "embed_tokens.weight")]
    [InlineData("model.norm.weight", "norm.weight")]
    [InlineData("lm_head.weight", "lm_head.weight")]
    [InlineData("vision_tower.vision_model.pre_layrnorm.weight", "vision_tower.pre_layrnorm.weight")]
    [InlineData("multi_modal_projector.linear_1.weight", "mm_projector.0.weight")]
    [InlineData("multi_modal_projector.linear_2.bias", "mm_projector.2.bias")]
    [InlineData("language_model.model.layers.0.input_layernorm.weight", "layers.0.input_layernorm.weight")]
    [InlineData("language_model.model.embed_tokens.weight", "embed_tokens.weight")]
    [InlineData("language_model.lm_head.weight", "lm_head.weight")]
    [InlineData("model.vision_tower.vision_model.post_layernorm.bias", "vision_tower.post_layernorm.bias")]
    [InlineData("model.vision_tower.encoder.layers.1.mlp.fc1.weight", "vision_tower.encoder.layers.1.mlp.fc1.weight")]
    [InlineData("vision_tower.encoder.layers.1.mlp.fc1.weight", "vision_tower.encoder.layers.1.mlp.fc1.weight")]
    [InlineData("model.vision_tower.vision_tower.encoder.layers.1.mlp.fc1.weight", "vision_tower.encoder.layers.1.mlp.fc1.weight")]
    [InlineData("model.vision_tower.vision_tower.pre_layrnorm.bias", "vision_tower.pre_layrnorm.bias")]
    [InlineData("model.multi_modal_projector.linear_1.bias", "mm_projector.0.bias")]
    [InlineData("model.multi_modal_projector.linear_2.weight", "mm_projector.2.weight")]
    [InlineData("model.language_model.layers.2.self_attn.o_proj.weight", "layers.2.self_attn.o_proj.weight")]
    [InlineData("model.language_model.norm.weight", "norm.weight")]
    public void TryGetCanonical_PublishedName_IsTheModulesPath(string stored, string expected)
    {
        Assert.True(TensorNames.TryGetCanonical(stored, out var canonical));
        Assert.Equal(expected, canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.")]
    [InlineData("model.image_newline")]
    [InlineData("transformer.wte.weight")]
    [InlineData("multi_modal_projector.linear_3.weight")]
    [InlineData("lm_head")]
    [InlineData("optimizer.state")]
    public void TryGetCanonical_ForeignName_IsRefused(string stored)
    {
        Assert.False(TensorNames.TryGetCanonical(stored, out var canonical));
        Assert.Null(canonical);
    }

    [Theory]
    [InlineData("vision_tower.embeddings.patch_embedding.weight", "model.vision_tower.vision_tower.vision_model.embeddings.patch_embedding.weight")]
    [InlineData("mm_projector.2.weight", "model.mm_projector.2.weight")]
    [InlineData("layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight")]
    [InlineData("norm.weight", "model.norm.weight")]
    [InlineData("embed_tokens.weight", "model.embed_tokens.weight")]
    [InlineData("lm_head.weight", "lm_head.weight")]
    public void ToLlava_CanonicalName_IsThePublishedOneAndComesBack(string canonical, string expected)
    {
        Assert.Equal(expected, TensorNames.ToLlava(canonical));
        Assert.True(TensorNames.TryGetCanonical(expected, out var back));
        Assert.Equal(canonical, back);
    }

    [Theory]
    [InlineData("model.vision_tower.vision_tower.vision_model.embeddings.position_ids", true)]
    [InlineData("model.layers.0.self_attn.rotary_emb.inv_freq", true)]
    [InlineData("model.layers.0.self_attn.q_proj.weight", false)]
    public void IsBuffer_Name_TellsBuffersOfOldVersions(string stored, bool expected) => Assert.Equal(expected, TensorNames.IsBuffer(stored));
}
