using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class FactoryTests
{
    [Fact]
    public void Zeros_Shape_FloatZeros()
    {
        using var x = zeros(2, 3);

        Assert.Equal([2L, 3], x.shape);
        Assert.Equal(ScalarType.Float32, x.dtype);
        x.ShouldBe(new float[6]);
    }

    [Fact]
    public void Ones_TypeAndGradient_Kept()
    {
        using var x = ones([2], float64, CPU, true);

        Assert.Equal(ScalarType.Float64, x.dtype);
        Assert.True(x.requires_grad);
        x.ShouldBe([1, 1]);
    }

    [Fact]
    public void Full_IntegerValue_IntegerTensor()
    {
        using var x = full([2, 2], 7);

        Assert.Equal(ScalarType.Int64, x.dtype);
        Assert.Equal([7L, 7, 7, 7], x.data<long>().ToArray());
    }

    [Fact]
    public void Eye_TwoSizes_Diagonal()
    {
        using var x = eye(2, 3);

        x.ShouldBe([1, 0, 0, 0, 1, 0]);
    }

    [Fact]
    public void Arange_Integers_Int64()
    {
        using var x = arange(2, 11, 3);

        Assert.Equal([2L, 5, 8], x.data<long>().ToArray());
    }

    [Fact]
    public void Arange_Reals_Float32()
    {
        using var x = arange(0.5, 2.0, 0.5);

        Assert.Equal(ScalarType.Float32, x.dtype);
        x.ShouldBe([0.5f, 1, 1.5f]);
    }

    [Fact]
    public void Linspace_Steps_BothEnds()
    {
        using var x = linspace(-1, 1, 5);

        x.ShouldBe([-1, -0.5f, 0, 0.5f, 1]);
    }

    [Fact]
    public void Tensor_ArrayTypes_ElementTypes()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(
            [ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Int32, ScalarType.Byte, ScalarType.Bool],
            new[]
            {
                tensor(new[] { 1f }), tensor(new[] { 1d }), tensor(new[] { 1L }), tensor(new[] { 1 }), tensor(new byte[] { 1 }),
                tensor(new[] { true }),
            }.Select(x => x.dtype));
    }

    [Fact]
    public void Tensor_TwoDimensionalArray_RowMajor()
    {
        using var x = tensor(new long[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Assert.Equal([2L, 3], x.shape);
        Assert.Equal(6, x[1, 2].ToInt64());
    }

    [Fact]
    public void Tensor_DimensionsAndType_ReshapedAndConverted()
    {
        using var x = tensor(new float[] { 1, 2, 3, 4 }, [2, 2], int64);

        Assert.Equal([2L, 2], x.shape);
        Assert.Equal([1L, 2, 3, 4], x.data<long>().ToArray());
    }

    [Fact]
    public void Tensor_SourceArrayChanges_TensorDoesNot()
    {
        var source = new float[] { 1, 2 };
        using var x = tensor(source);

        source[0] = 9;

        x.ShouldBe([1, 2]);
    }

    [Fact]
    public void Tensor_Scalar_NoDimensions()
    {
        using var x = tensor(2.5f);

        Assert.Empty(x.shape);
        Assert.Equal(2.5f, x.item<float>());
    }

    [Fact]
    public void Size_NumberOrTuple_Shape()
    {
        using var line = randint(2, 6);
        using var block = randint(2, (2, 3));

        Assert.Equal([6L], line.shape);
        Assert.Equal([2L, 3], block.shape);
        Assert.Equal(24, new Size([2L, 3, 4]).numel());
    }

    [Fact]
    public void Like_OtherType_SameShape()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 3);

        Assert.Equal([2L, 3], zeros_like(x).shape);
        Assert.Equal(ScalarType.BFloat16, empty_like(x, bfloat16).dtype);
        ones_like(x).ShouldBe([1, 1, 1, 1, 1, 1]);
        full_like(x, 3).ShouldBe([3, 3, 3, 3, 3, 3]);
        Assert.Equal([2L, 3], rand_like(x).shape);
        Assert.Equal([2L, 3], randn_like(x).shape);
    }
}
