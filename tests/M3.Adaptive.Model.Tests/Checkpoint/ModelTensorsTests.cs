using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class ModelTensorsTests
{
    private static readonly ModelConfig Published = new()
    {
        Vision = VisionConfig.ClipLarge336,
        Language = new()
        {
            HiddenSize = 4096,
            IntermediateSize = 11_008,
            LayerCount = 32,
            HeadCount = 32,
            KeyValueHeadCount = 32,
            VocabularySize = 32_000,
            MaxPositions = 4096,
        },
    };

    [Fact]
    public void Of_PublishedShape_CountsTheDecodersAndProjectorsParameters()
    {
        Assert.Equal(20_979_712, Count(Published, "mm_projector."));
        Assert.Equal(6_738_415_616, Count(Published, "") - Count(Published, "mm_projector.") - Count(Published, "vision_tower."));
    }

    [Fact]
    public void Of_PublishedShapeWithTheWholeTower_CountsClipsParameters()
    {
        var whole = Published with { VisionFeatureLayer = -1, Vision = Published.Vision with { FinalLayerNorm = true } };

        Assert.Equal(303_507_456, Count(whole, "vision_tower."));
    }

    [Fact]
    public void Of_SelectedLayer_NeedsNoBlockBehindIt()
    {
        var names = ModelTensors.Of(Published).Select(tensor => tensor.Name).ToHashSet();

        Assert.Contains("vision_tower.encoder.layers.22.mlp.fc2.bias", names);
        Assert.DoesNotContain("vision_tower.encoder.layers.23.mlp.fc2.bias", names);
        Assert.DoesNotContain("vision_tower.post_layernorm.weight", names);
    }

    [Fact]
    public void Of_TiedHead_NeedsNoHead() =>
        Assert.DoesNotContain("lm_head.weight", ModelTensors.Of(Published with { Language = Published.Language with { TieWordEmbeddings = true } }).Select(tensor => tensor.Name));

    [Fact]
    public void Of_ConvolutionalStem_HasNineConvolutionsAndNoClassToken()
    {
        var vision = new VisionConfig
        {
            HiddenSize = 160,
            IntermediateSize = 640,
            LayerCount = 2,
            HeadCount = 2,
            ImageSize = 288,
            PatchSize = 12,
            PatchEmbedding = PatchEmbedding.ConvolutionalStem,
            FinalLayerNorm = true,
        };
        var tensors = ModelTensors.Of(Published with { Vision = vision, VisionFeatureLayer = -1 }).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);

        Assert.Equal([24, 3, 3, 3], tensors["vision_tower.embeddings.stem.0.weight"]);
        Assert.Equal([160, 48, 3, 3], tensors["vision_tower.embeddings.stem.4.weight"]);
        Assert.Equal([160], tensors["vision_tower.embeddings.stem.8.bias"]);
        Assert.Equal([576, 160], tensors["vision_tower.embeddings.position_embedding.weight"]);
        Assert.Equal([160], tensors["vision_tower.post_layernorm.weight"]);
        Assert.DoesNotContain("vision_tower.embeddings.class_embedding", tensors.Keys);
        Assert.DoesNotContain("vision_tower.pre_layrnorm.weight", tensors.Keys);
    }

    private static long Count(ModelConfig config, string prefix) => ModelTensors.Of(config)
        .Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(tensor => tensor.Shape.Aggregate(1L, (product, extent) => product * extent));
}
