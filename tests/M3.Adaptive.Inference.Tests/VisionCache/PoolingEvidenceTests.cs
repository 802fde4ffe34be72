using M3.Adaptive.Core;
using M3.Adaptive.Inference.VisionCache;
using M3.Adaptive.Model.Network;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.VisionCache;

public sealed class PoolingEvidenceTests
{
    [Fact]
    public void Of_RandomFeatures_ResidualsAreTheDistanceToThePooledPicture()
    {
        using var scope = torch.NewDisposeScope();
        torch.random.manual_seed(1);
        var projected = torch.randn(1, 576, 3);

        var residuals = PoolingEvidence.Of(projected).PoolingResiduals;

        foreach (var scale in VisualScale.All)                                    // plainly: repeat each pooled token over its block and compare
        {
            var k = 24 / scale.Side;
            var pooled = TokenPooling.Reduce(projected, scale, Pooling.Average).reshape(scale.Side, scale.Side, 3);
            var repeated = pooled.repeat_interleave(k, 0).repeat_interleave(k, 1).reshape(1, 576, 3);
            var lost = (projected - repeated).pow(2).sum() / projected.pow(2).sum();
            Assert.Equal(lost.item<float>(), residuals[scale.Rung], 1e-4f);
        }
    }

    [Fact]
    public void Of_EvenPicture_LosesNothing()
    {
        using var even = torch.full([1, 576, 4], 0.5);

        Assert.All(PoolingEvidence.Of(even).PoolingResiduals, residual => Assert.Equal(0, residual, 1e-6f));
    }

    [Fact]
    public void Of_Checkerboard_LosesEverythingBelowTheFinest()
    {
        using var board = torch.tensor(Enumerable.Range(0, 576).Select(i => ((i / 24) + i) % 2 == 0 ? 1f : -1f).ToArray(), [1, 576, 1]);

        Assert.Equal([1f, 1f, 1f, 1f, 0f], PoolingEvidence.Of(board).PoolingResiduals);
    }

    [Fact]
    public void Of_BlankFeatures_LosesNothing()
    {
        using var blank = torch.zeros(1, 576, 2);

        Assert.Equal(new float[5], PoolingEvidence.Of(blank).PoolingResiduals);
    }

    [Fact]
    public void Of_Features_EmbedsTheNineMeansRowByRow()
    {
        using var scope = torch.NewDisposeScope();
        var values = new float[576 * 2];
        for (var i = 0; i < 576; i++) (values[2 * i], values[(2 * i) + 1]) = (i / 24 / 8, i % 24 / 8);   // row and column of its ninth

        var evidence = PoolingEvidence.Of(torch.tensor(values, [1, 576, 2]));

        Assert.Equal(2, evidence.Width);
        Assert.Equal([0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2, 2, 0, 2, 1, 2, 2], evidence.PooledEmbeddings);
    }
}
