using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(3, 1)]
    public void Multiply_AnyRows_EqualsThePlainLinear(int batch, int rows)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var (x, weight, bias) = (randn(batch, rows, 48), randn(32, 48), randn(32));

        var product = Arithmetic.Multiply(x, weight, bias);

        var plain = nn.functional.linear(x, weight, bias);
        Assert.Equal([batch, rows, 32], product.shape);
        Assert.True((product - plain).abs().max().item<float>() < 1e-4f);
    }

    [Fact]
    public void Multiply_SingleRow_HasThePlainGradients()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var (x, weight) = (randn(1, 1, 8), randn(4, 8));
        Tensor Gradient(Func<Tensor, Tensor> product)
        {
            var leaf = weight.clone().requires_grad_(true);
            product(leaf).sum().backward();
            return leaf.grad ?? throw new InvalidOperationException("no gradient");
        }

        var fast = Gradient(leaf => Arithmetic.Multiply(x, leaf));

        Assert.True((fast - Gradient(leaf => nn.functional.linear(x, leaf))).abs().max().item<float>() < 1e-5f);
    }
}
