using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ShapeTests
{
    private static Tensor Cube() => arange(24, float32).reshape(2, 3, 4);

    private static readonly Dictionary<string, (Func<Tensor, Tensor>, long[])> Shapes = new()
    {
        ["reshape"] = (x => x.reshape(6, -1), [6, 4]),
        ["view"] = (x => x.view(4, 6), [4, 6]),
        ["flatten"] = (x => x.flatten(), [24]),
        ["flatten from 1"] = (x => x.flatten(1), [2, 12]),
        ["unflatten"] = (x => x.unflatten(-1, 2, 2), [2, 3, 2, 2]),
        ["transpose"] = (x => x.transpose(0, 2), [4, 3, 2]),
        ["permute"] = (x => x.permute(1, 2, 0), [3, 4, 2]),
        ["unsqueeze"] = (x => x.unsqueeze(1), [2, 1, 3, 4]),
        ["squeeze"] = (x => x.unsqueeze(0).unsqueeze(-1).squeeze(), [2, 3, 4]),
        ["squeeze one"] = (x => x.unsqueeze(0).unsqueeze(0).squeeze(0), [1, 2, 3, 4]),
        ["expand"] = (x => x.unsqueeze(0).expand(5, -1, -1, -1), [5, 2, 3, 4]),
        ["expand_as"] = (x => x[0, 0].expand_as(x), [2, 3, 4]),
        ["repeat"] = (x => x.repeat(2, 1, 3), [4, 3, 12]),
        ["repeat_interleave"] = (x => x.repeat_interleave(3, 1), [2, 9, 4]),
        ["narrow"] = (x => x.narrow(2, 1, 2), [2, 3, 2]),
        ["select"] = (x => x.select(1, 2), [2, 4]),
        ["slice"] = (x => x.slice(2, 0, 4, 2), [2, 3, 2]),
        ["t"] = (x => x[0].t(), [4, 3]),
    };

    public static TheoryData<string> ShapesNames => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(ShapesNames))]
    public void Shape_Operator_AsDefined(string name)
    {
        var (change, expected) = Shapes[name];
        using var scope = NewDisposeScope();

        var result = change(Cube());

        Assert.Equal(expected, result.shape);
        Assert.Equal(expected.Aggregate(1L, (product, size) => product * size), result.numel());
    }

    [Fact]
    public void Transpose_Elements_Moved()
    {
        using var scope = NewDisposeScope();

        Cube().select(0, 0).t().ShouldBe([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        Assert.False(Cube().transpose(0, 1).is_contiguous());
        Assert.True(Cube().transpose(0, 1).contiguous().is_contiguous());
    }

    [Fact]
    public void View_Changed_SourceChanges()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 2);

        x.view(4).fill_(3);

        x.ShouldBe([3, 3, 3, 3]);
    }

    [Fact]
    public void RepeatInterleave_Counts_EachItsOwn()
    {
        using var scope = NewDisposeScope();

        Values.Floats(7, 8, 9).repeat_interleave(Values.Longs(1, 0, 2)).ShouldBe([7, 9, 9]);
    }

    [Fact]
    public void Chunk_Uneven_LastIsShorter()
    {
        using var scope = NewDisposeScope();

        var parts = arange(7).chunk(3);

        Assert.Equal([3L, 3, 1], parts.Select(part => part.numel()));
    }

    [Fact]
    public void Split_SizeAndSizes_Parts()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([2L, 2, 1], arange(5).split(2).Select(part => part.numel()));
        Assert.Equal([1L, 3, 1], arange(5).split([1, 3, 1]).Select(part => part.numel()));
        Assert.Equal([2L, 2], Cube().unbind(1)[2].shape is var shape ? [shape[0], shape.Length] : []);
    }

    [Fact]
    public void CatStack_Dimension_Joined()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(2, 3), ones(2, 3));

        Assert.Equal([4L, 3], cat([a, b]).shape);
        cat([a, b], 1).ShouldBe([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
        Assert.Equal([2L, 2, 3], stack([a, b]).shape);
        stack([a, b], 2)[0, 0].ShouldBe([0, 1]);
    }

    [Fact]
    public void Where_Condition_Chooses()
    {
        using var scope = NewDisposeScope();
        var x = Values.Floats(-1, 2);

        where(x > 0, x, zeros(2)).ShouldBe([0, 2]);
        x.flip(0).ShouldBe([2, -1]);
        arange(3).roll(1, 0).ShouldBe([2, 0, 1]);
    }
}
