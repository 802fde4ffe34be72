using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using Xunit;

namespace M3.Adaptive.Model.Tests.Costs;

public sealed class VisionCostTests
{
    [Fact]
    public void EncodeFlops_ClipLarge_IsItsTwentyThreeBlocksAndTheProjector() =>
        Assert.InRange(VisionCost.EncodeFlops(Shapes.Llava7B) / 1e12, 0.39 * 0.98, 0.39 * 1.02);

    [Fact]
    public void EncodeFlops_EarlierLayerSelected_LeavesOutItsBlocks()
    {
        var all = VisionCost.EncodeFlops(Shapes.Llava7B with { VisionFeatureLayer = -1 });
        var selected = VisionCost.EncodeFlops(Shapes.Llava7B);

        var block = (2.0 * 577 * 12 * 1024 * 1024) + (4.0 * 577 * 577 * 1024);
        Assert.Equal(all - block, selected, 1.0);
    }

    [Fact]
    public void EncodeFlops_ConvolutionalStem_CountsItsEightConvolutions()
    {
        var config = Shapes.Llava7B with
        {
            Vision = new()
            {
                HiddenSize = 160,
                IntermediateSize = 640,
                LayerCount = 2,
                HeadCount = 2,
                ImageSize = 288,
                PatchSize = 12,
                PatchEmbedding = PatchEmbedding.ConvolutionalStem,
            },
            VisionFeatureLayer = 0,
            Language = Shapes.Llava7B.Language with { HiddenSize = 1 },
        };

        double[] convolutions =
        [
            144 * 144 * 3 * 24, 72 * 72 * 24 * 48, 2 * 72 * 72 * 48 * 48, 24 * 24 * 48 * 160, 4 * 24 * 24 * 160 * 160,
        ];
        var projector = 2.0 * 576 * (160 + 1);
        Assert.Equal((2 * 9 * convolutions.Sum()) + projector, VisionCost.EncodeFlops(config), 1.0);
    }
}
