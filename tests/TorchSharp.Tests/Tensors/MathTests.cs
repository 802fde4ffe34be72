using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Tensors;

public class MathTests
{
    private static readonly float[] Any = [-2.3f, -0.5f, 0, 0.5f, 1, 2.7f];
    private static readonly float[] Positive = [0.1f, 0.5f, 1, 2.7f, 9];

    private static readonly Dictionary<string, (float[], Func<Tensor, Tensor>, Func<double, double>)> Unary = new()
    {
        ["abs"] = (Any, x => x.abs(), Math.Abs),
        ["neg"] = (Any, x => x.neg(), x => -x),
        ["sign"] = (Any, x => x.sign(), x => Math.Sign(x)),
        ["square"] = (Any, x => x.square(), x => x * x),
        ["sqrt"] = (Positive, x => x.sqrt(), Math.Sqrt),
        ["sqrt_"] = (Positive, x => x.clone().sqrt_(), Math.Sqrt),
        ["rsqrt"] = (Positive, x => x.rsqrt(), x => 1 / Math.Sqrt(x)),
        ["reciprocal"] = (Positive, x => x.reciprocal(), x => 1 / x),
        ["exp"] = (Any, x => x.exp(), Math.Exp),
        ["expm1"] = (Any, x => x.expm1(), x => Math.Exp(x) - 1),
        ["log"] = (Positive, x => x.log(), Math.Log),
        ["log2"] = (Positive, x => x.log2(), Math.Log2),
        ["log1p"] = (Positive, x => x.log1p(), x => Math.Log(1 + x)),
        ["sin"] = (Any, x => x.sin(), Math.Sin),
        ["cos"] = (Any, x => x.cos(), Math.Cos),
        ["tanh"] = (Any, x => x.tanh(), Math.Tanh),
        ["sigmoid"] = (Any, x => x.sigmoid(), Sigmoid),
        ["relu"] = (Any, x => x.relu(), x => Math.Max(0, x)),
        ["functional relu"] = (Any, x => F.relu(x), x => Math.Max(0, x)),
        ["silu"] = (Any, x => x.silu(), x => x * Sigmoid(x)),
        ["gelu"] = (Any, x => F.gelu(x), x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)))),
        ["erf"] = (Any, x => x.erf(), Erf),
        ["round"] = (Any, x => x.round(), x => Math.Round(x, MidpointRounding.ToEven)),
        ["floor"] = (Any, x => x.floor(), Math.Floor),
        ["ceil"] = (Any, x => x.ceil(), Math.Ceiling),
        ["trunc"] = (Any, x => x.trunc(), Math.Truncate),
        ["clamp"] = (Any, x => x.clamp(-1, 2), x => Math.Clamp(x, -1, 2)),
        ["clamp below"] = (Any, x => x.clamp(0), x => Math.Max(0, x)),
        ["clamp_max"] = (Any, x => x.clamp_max(1), x => Math.Min(1, x)),
    };

    public static TheoryData<string> UnaryNames => [.. Unary.Keys];

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Unary_Elements_AsDefined(string name)
    {
        var (input, actual, expected) = Unary[name];
        using var scope = NewDisposeScope();

        var result = actual(tensor(input));

        result.ShouldBe([.. input.Select(x => (float)expected(x))], 2e-6f);
    }

    [Fact]
    public void Softmax_Rows_SumToOne()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 0, MathF.Log(3) }, { 1000, 1000 } });

        x.softmax(1).ShouldBe([0.25f, 0.75f, 0.5f, 0.5f]);
        x.log_softmax(-1).ShouldBe([MathF.Log(0.25f), MathF.Log(0.75f), MathF.Log(0.5f), MathF.Log(0.5f)]);
        Assert.Equal(ScalarType.Float64, x.softmax(1, float64).dtype);
    }

    [Fact]
    public void Triangles_Diagonal_Kept()
    {
        using var scope = NewDisposeScope();

        ones(3, 3).triu(1).ShouldBe([0, 1, 1, 0, 0, 1, 0, 0, 0]);
        ones(3, 3).tril().ShouldBe([1, 0, 0, 1, 1, 0, 1, 1, 1]);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The error function by its power series.</summary>
    private static double Erf(double x)
    {
        double term = x, sum = x;
        for (var n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
