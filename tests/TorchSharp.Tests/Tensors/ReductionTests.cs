using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ReductionTests
{
    private static Tensor Matrix() => tensor(new float[,] { { 1, 5, 3 }, { 4, 2, 9 } });

    [Fact]
    public void Sum_Dimensions_Reduced()
    {
        using var scope = NewDisposeScope();

        Matrix().sum().ShouldBe([24]);
        Matrix().sum(0L).ShouldBe([5, 7, 12]);
        Assert.Equal([2L, 1], Matrix().sum(1, true).shape);
        Matrix().sum([0, 1]).ShouldBe([24]);
        Assert.Equal(ScalarType.Float64, Matrix().sum(float64).dtype);
    }

    [Fact]
    public void Mean_Dimensions_Reduced()
    {
        using var scope = NewDisposeScope();

        Matrix().mean().ShouldBe([4]);
        Matrix().mean([1]).ShouldBe([3, 5]);
        Assert.Equal([1L, 3], Matrix().mean([0], true).shape);
    }

    [Fact]
    public void Variance_Unbiased_DividesByCountMinusOne()
    {
        using var scope = NewDisposeScope();

        Values.Floats(1, 2, 3, 4).var(false).ShouldBe([1.25f]);
        Values.Floats(1, 2, 3, 4).var().ShouldBe([5 / 3f]);
        Matrix().std(1L, false).ShouldBe([MathF.Sqrt(8 / 3f), MathF.Sqrt(26 / 3f)]);
    }

    [Fact]
    public void MaxMin_Dimension_ValuesAndPlaces()
    {
        using var scope = NewDisposeScope();
        var (largest, where) = Matrix().max(1);
        var (smallest, there) = Matrix().min(0, true);

        largest.ShouldBe([5, 9]);
        where.ShouldBe([1, 2]);
        smallest.ShouldBe([1, 2, 3]);
        Assert.Equal([1L, 3], there.shape);
        Matrix().max().ShouldBe([9]);
        Matrix().amin([0, 1]).ShouldBe([1]);
    }

    [Fact]
    public void ArgMax_Dimension_Places()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(5, Matrix().argmax().ToInt64());
        Matrix().argmax(1).ShouldBe([1, 2]);
        Matrix().argmin(-1, true).ShouldBe([0, 1]);
    }

    [Fact]
    public void TopK_Largest_Sorted()
    {
        using var scope = NewDisposeScope();
        var (values, indexes) = Matrix().topk(2);

        values.ShouldBe([5, 3, 9, 4]);
        indexes.ShouldBe([1, 2, 2, 0]);
    }

    [Fact]
    public void Sort_Descending_ValuesAndPlaces()
    {
        using var scope = NewDisposeScope();
        var (values, indices) = Matrix().sort(-1, true);

        values.ShouldBe([5, 3, 1, 9, 4, 2]);
        indices.ShouldBe([1, 2, 0, 2, 0, 1]);
        Matrix().argsort(-1, true).ShouldBe([1, 2, 0, 2, 0, 1]);
    }

    [Fact]
    public void Cumsum_Dimension_RunningTotals()
    {
        using var scope = NewDisposeScope();

        Matrix().cumsum(1).ShouldBe([1, 6, 9, 4, 6, 15]);
        Matrix().cumsum(0).ShouldBe([1, 5, 3, 5, 7, 12]);
    }

    [Fact]
    public void AnyAll_Bools_Reduced()
    {
        using var scope = NewDisposeScope();
        var big = Matrix() > 4;

        Assert.True(big.any().ToBoolean());
        Assert.False(big.all().ToBoolean());
        Assert.Equal([true, true], big.any(1).data<bool>().ToArray());
        Assert.Equal([false, false, false], big.all(0).data<bool>().ToArray());
    }

    [Fact]
    public void Norm_Powers_AsDefined()
    {
        using var scope = NewDisposeScope();

        Values.Floats(3, -4).norm().ShouldBe([5]);
        Values.Floats(3, -4).norm(1f).ShouldBe([7]);
        Matrix().norm(1).ShouldBe([MathF.Sqrt(35), MathF.Sqrt(101)]);
    }

    [Fact]
    public void LogSumExp_LargeValues_NoOverflow()
    {
        using var scope = NewDisposeScope();

        Values.Floats(1000, 1000).logsumexp(0).ShouldBe([1000 + MathF.Log(2)]);
        Matrix().prod().ShouldBe([1080]);
        Assert.Equal(3, Values.Floats(0, 1, 2, 3).count_nonzero().ToInt64());
    }
}
