using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ConversionTests
{
    [Theory]
    [InlineData(1.00390625f, 1f)] // half-way between 1 and 1 + 2^-7: to even
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(-3.14159f, -3.140625f)]
    [InlineData(1e38f, 9.9692e37f)]
    public void BFloat16_Rounds_ToNearestEven(float value, float expected)
    {
        using var scope = NewDisposeScope();

        tensor(value).to(bfloat16).ShouldBe([expected], 1e-5f);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    public void To_SmallIntegers_Exact(ScalarType type)
    {
        using var scope = NewDisposeScope();

        var x = Values.Floats(0, 1, 100).to(type);

        Assert.Equal(type, x.dtype);
        x.ShouldBe([0, 1, 100]);
    }

    [Fact]
    public void To_SameType_SharesStorageInNewTensor()
    {
        using var x = zeros(2);
        using var same = x.to(float32);
        using var copy = x.to(float32, true);

        x.fill_(1);

        Assert.NotSame(x, same);
        same.ShouldBe([1, 1]);
        copy.ShouldBe([0, 0]);
    }

    [Fact]
    public void Clone_SourceChanges_CopyDoesNot()
    {
        using var scope = NewDisposeScope();
        var x = ones(2);
        var copy = x.clone();
        var other = zeros(2).copy_(x);

        x.zero_();

        copy.ShouldBe([1, 1]);
        other.ShouldBe([1, 1]);
    }

    [Fact]
    public void Device_Descriptions_Read()
    {
        Assert.Equal((DeviceType.CPU, -1), (device("cpu").type, device("cpu").index));
        Assert.Equal((DeviceType.CUDA, 1), (device("cuda:1").type, device("cuda:1").index));
        Assert.Equal("cuda:1", device("cuda:1").ToString());
        using var x = zeros(2);
        using var moved = x.to(CPU).cpu();
        moved.ShouldBe([0, 0]);
    }
}
