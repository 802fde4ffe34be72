using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class IndexingTests
{
    private static Tensor Cube() => arange(24).reshape(2, 3, 4);

    private static readonly Dictionary<string, (TensorIndex[], long[], long)> Cases = new()
    {
        // expression, indices, shape, sum of the elements
        ["[1]"] = ([1], [3, 4], 210),
        ["[-1, 0]"] = ([-1, 0], [4], 54),
        ["[:, 1]"] = ([TensorIndex.Colon, 1], [2, 4], 92),
        ["[..., 2]"] = ([TensorIndex.Ellipsis, 2], [2, 3], 72),
        ["[0, ..., 1]"] = ([0, TensorIndex.Ellipsis, 1], [3], 15),
        ["[:, None]"] = ([TensorIndex.Colon, TensorIndex.None], [2, 1, 3, 4], 276),
        ["[..., None]"] = ([TensorIndex.Ellipsis, TensorIndex.None], [2, 3, 4, 1], 276),
        ["[:, 1:3, ::2]"] = ([TensorIndex.Colon, TensorIndex.Slice(1, 3), TensorIndex.Slice(null, null, 2)], [2, 2, 2], 104),
        ["[:, :-1]"] = ([TensorIndex.Colon, TensorIndex.Slice(null, -1)], [2, 2, 4], 152),
        ["[0, 1, 2]"] = ([0, 1, 2], [], 6),
        ["[True]"] = ([TensorIndex.Bool(true)], [1, 2, 3, 4], 276),
        ["[False]"] = ([TensorIndex.Bool(false)], [0, 2, 3, 4], 0),
    };

    public static TheoryData<string> CasesNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CasesNames))]
    public void Get_Expression_AsInPython(string expression)
    {
        var (indices, shape, sum) = Cases[expression];
        using var scope = NewDisposeScope();

        var result = Cube()[indices];

        Assert.Equal(shape, result.shape);
        Assert.Equal(sum, result.sum().ToInt64());
    }

    [Fact]
    public void Get_IndexTensors_Gathered()
    {
        using var scope = NewDisposeScope();
        var rows = Values.Longs(1, 0, 1);
        var columns = Values.Longs(0, 2, 1);

        Assert.Equal([3L, 4], Cube()[rows, columns].shape);
        Cube()[rows, columns, 0].ShouldBe([12, 8, 16]);
        Assert.Equal([2L, 3, 3], Cube()[TensorIndex.Ellipsis, columns].shape);
        Assert.Equal([3L, 1, 3, 4], Cube()[rows, TensorIndex.None].shape);
    }

    [Fact]
    public void Get_Mask_SelectedElements()
    {
        using var scope = NewDisposeScope();
        var x = Cube();

        x[x > 20].ShouldBe([21, 22, 23]);
        x.masked_select(x > 20).ShouldBe([21, 22, 23]);
        var rows = tensor(new[] { false, true });
        Assert.Equal([1L, 3, 4], x[rows].shape);
        Assert.Equal([4L], x[tensor(new[,] { { true, false, false }, { false, false, false } }), TensorIndex.Slice(0, 4)][0].shape);
    }

    [Fact]
    public void Get_View_SharesStorage()
    {
        using var scope = NewDisposeScope();
        var x = Cube();

        x[0, 1].fill_(-1);

        Assert.Equal(-1, x[0, 1, 3].ToInt64());
    }

    [Fact]
    public void Set_Slice_Copied()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);

        x[TensorIndex.Colon, 1] = Values.Floats(5, 6);
        x[1, TensorIndex.Slice(2)] = ones(1);

        x.ShouldBe([0, 5, 0, 0, 6, 1]);
    }

    [Fact]
    public void Set_IndexTensorAndMask_Written()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4);

        x[Values.Longs(3, 0)] = Values.Floats(7, 8);
        x.index_put_(tensor(-1f), x > 7);

        x.ShouldBe([-1, 0, 0, 7]);
    }

    [Fact]
    public void GatherScatter_Rows_Inverse()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var index = tensor(new long[,] { { 2, 0, 1 }, { 0, 2, 1 } });

        var gathered = x.gather(1, index);

        gathered.ShouldBe([3, 1, 2, 4, 6, 5]);
        zeros(2, 3).scatter(1, index, gathered).ShouldBe(x.Read());
        zeros(2, 3).scatter_(1, index, gathered).ShouldBe(x.Read());
        zeros(3).scatter_add_(0, Values.Longs(1, 1), ones(2)).ShouldBe([0, 2, 0]);
    }

    [Fact]
    public void SelectAndFill_Rows_AsDefined()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });

        x.index_select(0, Values.Longs(2, 0)).ShouldBe([5, 6, 1, 2]);
        x.masked_fill(x > 4, 0).ShouldBe([1, 2, 3, 4, 0, 0]);
        x.nonzero().ShouldBe([0, 0, 0, 1, 1, 0, 1, 1, 2, 0, 2, 1]);
        zeros(3, 2).index_add_(0, Values.Longs(1, 1), ones(2, 2), 2).ShouldBe([0, 0, 4, 4, 0, 0]);
        zeros(3, 2).index_copy_(0, Values.Longs(2), ones(1, 2)).ShouldBe([0, 0, 0, 0, 1, 1]);
    }

    [Fact]
    public void Get_Intermediates_Disposed()
    {
        using var x = Cube();
        var before = Process.LiveTensors();

        using (var part = x[TensorIndex.Ellipsis, TensorIndex.None, TensorIndex.Slice(0, 2)])
        {
            Assert.False(part.IsInvalid);
        }

        Assert.Equal(before, Process.LiveTensors());
    }
}
