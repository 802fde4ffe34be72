using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ComparisonTests
{
    private static readonly float[] Left = [1, 2, 3];

    private static readonly Dictionary<string, (Func<Tensor, Tensor>, Func<float, bool>)> AgainstTwo = new()
    {
        ["eq"] = (x => x.eq(2), x => x == 2),
        ["ne"] = (x => x.ne(2), x => x != 2),
        ["lt"] = (x => x < 2, x => x < 2),
        ["le"] = (x => x <= 2, x => x <= 2),
        ["gt"] = (x => x > 2, x => x > 2),
        ["ge"] = (x => x >= 2, x => x >= 2),
        ["eq tensor"] = (x => x.eq(x.clone().fill_(2)), x => x == 2),
        ["lt tensor"] = (x => x < x.clone().fill_(2), x => x < 2),
        ["ge tensor"] = (x => x >= x.clone().fill_(2), x => x >= 2),
        ["and"] = (x => (x > 1).logical_and(x < 3), x => x is > 1 and < 3),
        ["or"] = (x => (x < 2).logical_or(x > 2), x => x is < 2 or > 2),
        ["not"] = (x => ~(x > 2), x => x <= 2),
    };

    public static TheoryData<string> AgainstTwoNames => [.. AgainstTwo.Keys];

    [Theory]
    [MemberData(nameof(AgainstTwoNames))]
    public void Comparison_Elements_Bools(string name)
    {
        var (actual, expected) = AgainstTwo[name];
        using var scope = NewDisposeScope();

        var result = actual(tensor(Left));

        Assert.Equal(Left.Select(expected), result.data<bool>().ToArray());
    }

    [Fact]
    public void NotFinite_Kinds_ToldApart()
    {
        using var scope = NewDisposeScope();
        var x = Values.Floats(1, float.NaN, float.PositiveInfinity);

        Assert.Equal([false, true, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([false, false, true], x.isinf().data<bool>().ToArray());
        Assert.Equal([true, false, false], x.isfinite().data<bool>().ToArray());
    }

    [Fact]
    public void AllClose_Tolerance_Decides()
    {
        using var scope = NewDisposeScope();

        Assert.True(ones(2).allclose(ones(2) + 1e-6));
        Assert.False(ones(2).allclose(ones(2) + 1e-3));
        Assert.True(ones(2).allclose(ones(2) + 1e-3, 0, 1e-2));
    }
}
