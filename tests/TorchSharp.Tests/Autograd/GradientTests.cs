using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Autograd;

public class GradientTests
{
    private static readonly Dictionary<string, (long[][], Func<Tensor[], Tensor>)> Operators = new()
    {
        ["add, broadcast"] = ([[2, 3], [3]], x => x[0] + x[1]),
        ["mul"] = ([[2, 3], [2, 3]], x => x[0] * x[1]),
        ["div"] = ([[4], [4]], x => x[0] / (x[1].square() + 1)),
        ["pow"] = ([[4]], x => x[0].pow(3)),
        ["matmul"] = ([[2, 3], [3, 4]], x => x[0].matmul(x[1])),
        ["bmm"] = ([[2, 2, 3], [2, 3, 2]], x => x[0].bmm(x[1])),
        ["exp"] = ([[4]], x => x[0].exp()),
        ["log"] = ([[4]], x => (x[0].square() + 0.5).log()),
        ["tanh"] = ([[4]], x => x[0].tanh()),
        ["sigmoid"] = ([[4]], x => x[0].sigmoid()),
        ["silu"] = ([[6]], x => x[0].silu()),
        ["gelu"] = ([[6]], x => F.gelu(x[0])),
        ["rsqrt"] = ([[4]], x => (x[0].square() + 1).rsqrt()),
        ["softmax"] = ([[3, 4]], x => x[0].softmax(-1)),
        ["log_softmax"] = ([[3, 4]], x => x[0].log_softmax(1)),
        ["logsumexp"] = ([[3, 4]], x => x[0].logsumexp(1)),
        ["mean"] = ([[3, 4]], x => x[0].mean([0])),
        ["var"] = ([[3, 4]], x => x[0].var(1L, false)),
        ["cumsum"] = ([[3, 4]], x => x[0].cumsum(1)),
        ["transpose, reshape"] = ([[2, 3]], x => x[0].t().reshape(2, 3)),
        ["expand"] = ([[3, 1]], x => x[0].expand(2, 3, 4)),
        ["cat"] = ([[2, 2], [1, 2]], x => cat([x[0], x[1]], 0)),
        ["stack"] = ([[2], [2]], x => stack([x[0], x[1]], 1)),
        ["slice"] = ([[3, 4]], x => x[0][TensorIndex.Colon, TensorIndex.Slice(1, null, 2)]),
        ["index tensor"] = ([[3, 4]], x => x[0][tensor(new long[] { 2, 0, 2 })]),
        ["index_select"] = ([[3, 2]], x => x[0].index_select(0, tensor(new long[] { 1, 1, 2 }))),
        ["gather"] = ([[2, 3]], x => x[0].gather(1, tensor(new long[,] { { 2, 2 }, { 0, 1 } }))),
        ["masked_fill"] = ([[4]], x => x[0].masked_fill(tensor(new[] { true, false, true, false }), 3)),
        ["where"] = ([[3], [3]], x => where(tensor(new[] { true, false, true }), x[0], x[1])),
        ["triu"] = ([[3, 3]], x => x[0].triu()),
        ["linear"] = ([[2, 3], [4, 3], [4]], x => F.linear(x[0], x[1], x[2])),
        ["conv2d"] = ([[2, 2, 4, 4], [3, 2, 3, 3], [3]], x => F.conv2d(x[0], x[1], x[2], [2, 2], [1, 1])),
        ["conv2d groups"] = ([[1, 2, 3, 3], [2, 1, 2, 2]], x => F.conv2d(x[0], x[1], null, [1, 1], [0, 0], [1, 1], 2)),
        ["layer_norm"] = ([[2, 3, 4], [4], [4]], x => F.layer_norm(x[0], [4], x[1], x[2])),
        ["batch_norm"] = ([[3, 2, 2, 2], [2], [2]], x => F.batch_norm(x[0], null, null, x[1], x[2], true)),
        ["avg_pool2d"] = ([[1, 2, 4, 4]], x => F.avg_pool2d(x[0], [2, 2], [2, 2])),
        ["adaptive_avg_pool2d"] = ([[1, 2, 4, 4]], x => F.adaptive_avg_pool2d(x[0], [3, 2])),
        ["pad"] = ([[2, 2]], x => F.pad(x[0], [1, 0, 0, 2], PaddingModes.Constant, 5)),
        ["cross_entropy"] = ([[3, 4]], x => F.cross_entropy(x[0], tensor(new long[] { 3, 0, 1 }))),
        ["cross_entropy ignoring"] = ([[3, 4]], x => F.cross_entropy(x[0], tensor(new long[] { 3, -100, 1 }), null, -100, nn.Reduction.Sum)),
        ["mse_loss"] = ([[3], [3]], x => F.mse_loss(x[0], x[1])),
        ["norm"] = ([[5]], x => x[0].norm()),
        ["max"] = ([[2, 3]], x => x[0].max(1).values),
    };

    public static TheoryData<string> OperatorsNames => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(OperatorsNames))]
    public void Backward_Operator_MatchesDifferences(string name)
    {
        var (shapes, function) = Operators[name];
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);

        FiniteDifferences.Check(function, [.. shapes.Select(shape => randn(shape, float64, CPU, false, generator))]);
    }

    [Fact]
    public void Backward_Embedding_AddsPerRow()
    {
        using var layer = nn.Embedding(4, 2);
        using var scope = NewDisposeScope();

        layer.call(Values.Longs(1, 3, 1)).sum().backward();

        layer.parameters().Single().grad!.ShouldBe([0, 0, 2, 2, 0, 0, 1, 1]);
    }
}
