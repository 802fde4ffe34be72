using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ArithmeticTests
{
    private static readonly float[] Left = [-2.5f, -1, 0.5f, 3];
    private static readonly float[] Right = [2, -0.5f, 4, 1.5f];

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor>, Func<float, float, float>)> Binary = new()
    {
        ["+"] = ((a, b) => a + b, (a, b) => a + b),
        ["-"] = ((a, b) => a - b, (a, b) => a - b),
        ["*"] = ((a, b) => a * b, (a, b) => a * b),
        ["/"] = ((a, b) => a / b, (a, b) => a / b),
        ["maximum"] = ((a, b) => a.maximum(b), MathF.Max),
        ["minimum"] = ((a, b) => a.minimum(b), MathF.Min),
        ["pow"] = ((a, b) => a.abs().pow(b), (a, b) => MathF.Pow(MathF.Abs(a), b)),
        ["remainder"] = ((a, b) => a % b, (a, b) => a - b * MathF.Floor(a / b)),
        ["floor_divide"] = ((a, b) => a.floor_divide(b), (a, b) => MathF.Floor(a / b)),
        ["add alpha"] = ((a, b) => a.add(b, 0.5), (a, b) => a + 0.5f * b),
        ["add_"] = ((a, b) => a.clone().add_(b), (a, b) => a + b),
        ["sub_"] = ((a, b) => a.clone().sub_(b), (a, b) => a - b),
        ["mul_"] = ((a, b) => a.clone().mul_(b), (a, b) => a * b),
        ["div_"] = ((a, b) => a.clone().div_(b), (a, b) => a / b),
        ["addcmul_"] = ((a, b) => a.clone().addcmul_(a, b, 2), (a, b) => a + 2 * a * b),
        ["addcdiv_"] = ((a, b) => a.clone().addcdiv_(a, b, -1), (a, b) => a - a / b),
        ["lerp"] = ((a, b) => a.lerp(b, 0.25), (a, b) => a + 0.25f * (b - a)),
    };

    public static TheoryData<string> BinaryNames => [.. Binary.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor>, Func<float, float>)> WithScalar = new()
    {
        ["x + 2"] = (x => x + 2, x => x + 2),
        ["2 + x"] = (x => 2 + x, x => 2 + x),
        ["x - 2"] = (x => x - 2, x => x - 2),
        ["2 - x"] = (x => 2 - x, x => 2 - x),
        ["x * 2.5"] = (x => x * 2.5, x => x * 2.5f),
        ["x / 2"] = (x => x / 2, x => x / 2),
        ["2 / x"] = (x => 2 / x, x => 2 / x),
        ["-x"] = (x => -x, x => -x),
        ["x ^ 2"] = (x => x.pow(2), x => x * x),
        ["add_"] = (x => x.clone().add_(1), x => x + 1),
        ["mul_"] = (x => x.clone().mul_(3), x => x * 3),
        ["div_"] = (x => x.clone().div_(4), x => x / 4),
    };

    public static TheoryData<string> WithScalarNames => [.. WithScalar.Keys];

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void Binary_Elements_AsDefined(string name)
    {
        var (actual, expected) = Binary[name];
        using var scope = NewDisposeScope();

        var result = actual(tensor(Left), tensor(Right));

        result.ShouldBe([.. Left.Zip(Right, expected)]);
    }

    [Theory]
    [MemberData(nameof(WithScalarNames))]
    public void Scalar_Elements_AsDefined(string name)
    {
        var (actual, expected) = WithScalar[name];
        using var scope = NewDisposeScope();

        var result = actual(tensor(Left));

        result.ShouldBe([.. Left.Select(expected)]);
    }

    [Fact]
    public void InPlace_Result_SameObject()
    {
        using var x = ones(3);

        Assert.Same(x, x.add_(1).mul_(2).clamp_(0, 3));
        x.ShouldBe([3, 3, 3]);
    }

    [Fact]
    public void Add_OtherShape_Broadcast()
    {
        using var scope = NewDisposeScope();

        var sum = tensor(new float[] { 1, 2, 3 }) + tensor(new float[] { 10, 20 }).unsqueeze(1);

        Assert.Equal([2L, 3], sum.shape);
        sum.ShouldBe([11, 12, 13, 21, 22, 23]);
    }

    [Fact]
    public void Matmul_Matrices_RowsTimesColumns()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        var b = tensor(new float[,] { { 5, 6, 7 }, { 8, 9, 10 } });

        a.matmul(b).ShouldBe([21, 24, 27, 47, 54, 61]);
        a.mm(b).ShouldBe([21, 24, 27, 47, 54, 61]);
        a.mv(tensor(new float[] { 1, -1 })).ShouldBe([-1, -1]);
        tensor(new float[] { 1, 2 }).dot(tensor(new float[] { 3, 4 })).ShouldBe([11]);
    }

    [Fact]
    public void Bmm_Batches_EachItsOwn()
    {
        using var scope = NewDisposeScope();
        var a = arange(8, float32).reshape(2, 2, 2);

        var product = a.bmm(a);

        product.ShouldBe([2, 3, 6, 11, 46, 55, 66, 79]);
        a.matmul(a).ShouldBe(product.Read());
        einsum("bij,bjk->bik", a, a).ShouldBe(product.Read());
    }

    [Fact]
    public void Baddbmm_Weights_Scaled()
    {
        using var scope = NewDisposeScope();

        var result = ones(1, 2, 2).baddbmm(ones(1, 2, 3), ones(1, 3, 2), 0.5f, 2f);

        result.ShouldBe([6.5f, 6.5f, 6.5f, 6.5f]);
    }
}
