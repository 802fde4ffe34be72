using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class RandomTests
{
    private static readonly Dictionary<string, Func<Tensor>> Draws = new()
    {
        ["rand"] = () => rand(100),
        ["randn"] = () => randn(10, 10),
        ["randint"] = () => randint(50, 100),
        ["randperm"] = () => randperm(100),
        ["multinomial"] = () => ones(100).multinomial(50),
        ["normal_"] = () => zeros(100).normal_(),
        ["uniform_"] = () => zeros(100).uniform_(),
        ["bernoulli"] = () => full(100, 0.5).bernoulli(),
        ["dropout"] = () => nn.functional.dropout(ones(100)),
        ["linear"] = () => nn.Linear(10, 10).parameters().First().detach(),
    };

    public static TheoryData<string> DrawsNames => [.. Draws.Keys];

    [Theory]
    [MemberData(nameof(DrawsNames))]
    public void Seed_Same_SameNumbers(string name)
    {
        var draw = Draws[name];
        using var scope = NewDisposeScope();
        manual_seed(42);
        var first = draw().Read();
        var second = draw().Read();
        manual_seed(42);
        var again = draw().Read();

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Generator_Own_IndependentOfDefault()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5);
        using var two = new Generator(5);

        var first = rand([20], null, null, false, one);
        _ = rand(1000);
        var second = rand([20], null, null, false, two);

        second.ShouldBe(first.Read());
        Assert.Equal(5, one.initial_seed());
    }

    [Fact]
    public void Generator_StateRestored_GoesOnThere()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var state = generator.get_state();
        var first = randn([20], null, null, false, generator).Read();

        generator.set_state(state);

        randn([20], null, null, false, generator).ShouldBe(first, 0);
    }

    [Fact]
    public void Randint_Bounds_Kept()
    {
        using var scope = NewDisposeScope();

        var x = randint(3, 7, 2000);

        Assert.Equal(ScalarType.Int64, x.dtype);
        Assert.Equal((3, 6), (x.min().ToInt64(), x.max().ToInt64()));
        Assert.Equal(Enumerable.Range(0, 50).Sum(), randperm(50).sum().ToInt64());
    }

    [Fact]
    public void Randn_Many_MeanAndVariance()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        var x = randn(20000);

        Assert.InRange(x.mean().ToSingle(), -0.03f, 0.03f);
        Assert.InRange(x.var().ToSingle(), 0.96f, 1.04f);
    }
}
