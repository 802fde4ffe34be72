using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Modules;

public class FunctionalTests
{
    private static Tensor Logits() => tensor(new float[,] { { 0, MathF.Log(3) }, { MathF.Log(4), 0 } });

    [Fact]
    public void CrossEntropy_Reductions_AsDefined()
    {
        using var scope = NewDisposeScope();
        var target = Values.Longs(1, 0);
        var (a, b) = (-MathF.Log(0.75f), -MathF.Log(0.8f));

        F.cross_entropy(Logits(), target).ShouldBe([(a + b) / 2]);
        F.cross_entropy(Logits(), target, null, -100, nn.Reduction.Sum).ShouldBe([a + b]);
        F.cross_entropy(Logits(), target, null, -100, nn.Reduction.None).ShouldBe([a, b]);
    }

    [Fact]
    public void CrossEntropy_WeightAndIgnore_Respected()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (-MathF.Log(0.75f), -MathF.Log(0.8f));

        F.cross_entropy(Logits(), Values.Longs(1, -100)).ShouldBe([a]);
        F.cross_entropy(Logits(), Values.Longs(1, 0), Values.Floats(1, 3)).ShouldBe([(3 * a + b) / 4]);
        F.nll_loss(Logits().log_softmax(1), Values.Longs(1, 0)).ShouldBe([(a + b) / 2]);
    }

    [Fact]
    public void CrossEntropy_Smoothing_MixesUniform()
    {
        using var scope = NewDisposeScope();
        var expected = 0.9f * -MathF.Log(0.75f) + 0.1f * (-MathF.Log(0.75f) - MathF.Log(0.25f)) / 2;

        F.cross_entropy(Logits()[TensorIndex.Slice(0, 1)], Values.Longs(1), null, -100, nn.Reduction.Mean, 0.1).ShouldBe([expected]);
    }

    [Fact]
    public void MeanSquaredError_Values_AsDefined()
    {
        using var scope = NewDisposeScope();

        F.mse_loss(Values.Floats(1, 2), Values.Floats(3, 1)).ShouldBe([2.5f]);
        F.l1_loss(Values.Floats(1, 2), Values.Floats(3, 1)).ShouldBe([1.5f]);
    }

    [Fact]
    public void AdaptivePool_UnevenWindows_Averages()
    {
        using var scope = NewDisposeScope();
        var x = arange(25, float32).reshape(1, 1, 5, 5);

        F.adaptive_avg_pool2d(x, [1, 1]).ShouldBe([12]);
        F.adaptive_avg_pool2d(x, [2, 2]).ShouldBe([6, 8, 16, 18]);
        F.adaptive_avg_pool2d(x, 5).ShouldBe(x.Read());
        F.avg_pool2d(x, [2, 2], [2, 2]).ShouldBe([3, 5, 13, 15]);
        F.max_pool2d(x, 2).ShouldBe([6, 8, 16, 18]);
    }

    [Fact]
    public void Pad_Constant_LastDimensionFirst()
    {
        using var scope = NewDisposeScope();

        F.pad(ones(1, 2), [1, 0, 0, 1], PaddingModes.Constant, 7).ShouldBe([7, 1, 1, 7, 7, 7]);
        F.pad(arange(3, float32).reshape(1, 1, 3), [1, 2], PaddingModes.Circular).ShouldBe([2, 0, 1, 2, 0, 1]);
        F.pad(arange(3, float32).reshape(1, 1, 3), [1, 1], PaddingModes.Replicate).ShouldBe([0, 0, 1, 2, 2]);
    }

    [Fact]
    public void OneHot_Classes_Columns()
    {
        using var scope = NewDisposeScope();

        F.one_hot(Values.Longs(2, 0), 3).ShouldBe([0, 0, 1, 1, 0, 0]);
    }

    [Fact]
    public void BatchNorm_GivenStatistics_Normalised()
    {
        using var scope = NewDisposeScope();

        F.batch_norm(Values.Floats(5, 9).reshape(2, 1), Values.Floats(1), Values.Floats(16)).ShouldBe([1, 2], 1e-4f);
    }

    [Fact]
    public void Init_Bounds_Kept()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var x = zeros(50, 200);

        Assert.InRange(nn.init.xavier_uniform_(x).abs().max().ToSingle(), 0.15f, MathF.Sqrt(6 / 250f));
        Assert.InRange(nn.init.kaiming_uniform_(x, Math.Sqrt(5)).abs().max().ToSingle(), 0.07f, 1 / MathF.Sqrt(200));
        Assert.InRange(nn.init.trunc_normal_(x, 0, 0.02, -0.04, 0.04).abs().max().ToSingle(), 0.039f, 0.04f);
        Assert.InRange(x.std().ToSingle(), 0.0165f, 0.0187f); // a normal cut at two deviations keeps 0.88 of one
        Assert.InRange(nn.init.normal_(x, 1, 0.1).mean().ToSingle(), 0.99f, 1.01f);
        nn.init.constant_(zeros(2), 4).ShouldBe([4, 4]);
    }
}
