using M3.Adaptive.Model.Network;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public sealed class AttentionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 37)]
    [InlineData(17, 17)]
    [InlineData(300, 335)]
    public void Mix_AnyLengths_EqualsThePlainForm(int queries, int keys)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var (query, key, value) = (randn(2, 3, queries, 8), randn(2, 3, keys, 8), randn(2, 3, keys, 8));
        var causal = full([queries, keys], double.NegativeInfinity).triu(keys - queries + 1);

        foreach (var mask in (Tensor?[])[null, causal])
        {
            var (mixed, plain) = (Attention.Mix(query, key, value, mask), Attention.MixPlainly(query, key, value, mask));

            Assert.Equal([2, 3, queries, 8], mixed.shape);
            Assert.InRange((mixed - plain).abs().max().ToSingle(), 0, 1e-5f);
        }
    }

    [Fact]
    public void Mix_MaskedBatch_HasThePlainFormsGradients()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var (query, key, value) = (randn(2, 2, 5, 4), randn(2, 2, 5, 4), randn(2, 2, 5, 4));
        var mask = full([5, 5], double.NegativeInfinity).triu(1);

        var (fast, plain) = (Gradient(Attention.Mix), Gradient(Attention.MixPlainly));

        Assert.InRange((fast - plain).abs().max().ToSingle(), 0, 1e-5f);

        Tensor Gradient(Func<Tensor, Tensor, Tensor, Tensor?, Tensor> mix)
        {
            var leaf = key.clone().requires_grad_(true);
            mix(query, leaf, value, mask).square().sum().backward();
            return leaf.grad ?? throw new InvalidOperationException("no gradient");
        }
    }
}
