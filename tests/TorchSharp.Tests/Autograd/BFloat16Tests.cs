using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Autograd;

/// <summary>Forward and backward in bfloat16 stay near float32: relative error of a few 2^-8.</summary>
public class BFloat16Tests
{
    private static readonly Dictionary<string, (long[][], Func<Tensor[], Tensor>)> Operators = new()
    {
        ["matmul"] = ([[8, 16], [16, 8]], x => x[0].matmul(x[1])),
        ["bmm"] = ([[2, 8, 16], [2, 16, 8]], x => x[0].bmm(x[1])),
        ["linear"] = ([[4, 16], [8, 16], [8]], x => F.linear(x[0], x[1], x[2])),
        ["conv2d"] = ([[2, 3, 8, 8], [8, 3, 3, 3], [8]], x => F.conv2d(x[0], x[1], x[2], [2, 2], [1, 1])),
        ["layer_norm"] = ([[4, 16], [16], [16]], x => F.layer_norm(x[0], [16], x[1], x[2])),
        ["batch_norm"] = ([[4, 3, 4, 4], [3], [3]], x => F.batch_norm(x[0], null, null, x[1], x[2], true)),
        ["softmax"] = ([[4, 16]], x => x[0].softmax(-1)),
        ["gelu"] = ([[32]], x => F.gelu(x[0])),
        ["silu"] = ([[32]], x => x[0].silu()),
        ["index_select"] = ([[6, 8]], x => x[0].index_select(0, tensor(new long[] { 4, 0, 4 }))),
        ["cross_entropy after a cast"] = ([[4, 10]], x => F.cross_entropy(x[0].to(float32), tensor(new long[] { 1, 9, 0, 3 }))),
        ["mean"] = ([[4, 16]], x => x[0].mean([1])),
        ["adaptive_avg_pool2d"] = ([[2, 3, 6, 6]], x => F.adaptive_avg_pool2d(x[0], [2, 2])),
    };

    public static TheoryData<string> OperatorsNames => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(OperatorsNames))]
    public void ForwardBackward_BFloat16_NearFloat32(string name)
    {
        var (shapes, function) = Operators[name];
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var inputs = shapes.Select(shape => randn(shape, float32, CPU, false, generator).to(bfloat16)).ToArray();

        var narrow = inputs.Select(input => input.clone().requires_grad_()).ToArray();
        var wide = inputs.Select(input => input.to(float32).requires_grad_()).ToArray();
        var (low, high) = (function(narrow), function(wide));
        var weights = FiniteDifferences.Weights(high).to(float32);
        (low.to(float32) * weights).sum().backward();
        (high * weights).sum().backward();

        Near(low, high);
        for (var i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(bfloat16, narrow[i].grad!.dtype);
            Near(narrow[i].grad!, wide[i].grad!);
        }
    }

    [Fact]
    public void Embedding_BFloat16_ForwardAndBackward()
    {
        using var layer = nn.Embedding(5, 4).to(bfloat16);
        using var scope = NewDisposeScope();

        layer.call(Values.Longs(2, 2)).to(float32).sum().backward();

        Assert.Equal(8, layer.parameters().Single().grad!.sum().ToSingle());
    }

    /// <summary>Relative to the largest element, as a bfloat16 sum loses digits at its own scale.</summary>
    private static void Near(Tensor low, Tensor high)
    {
        var scale = Math.Max(high.detach().abs().max().ToSingle(), 1e-3f);
        var error = (low.detach().to(float32) - high.detach()).abs().max().ToSingle();
        Assert.True(error <= 0.04 * scale, $"error {error} at scale {scale}");
    }
}
