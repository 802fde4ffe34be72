using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class DataTests
{
    [Fact]
    public void Bytes_Written_ElementsChange()
    {
        using var x = zeros(2);

        MemoryMarshal.Cast<byte, float>(x.bytes)[1] = 4;
        x.ShouldBe([0, 4]);
        x.bytes = new byte[8];

        x.ShouldBe([0, 0]);
    }

    [Fact]
    public void Bytes_WrongLength_Refused()
    {
        using var x = zeros(2);

        Assert.Throws<ArgumentException>(() => x.bytes = new byte[7]);
    }

    [Fact]
    public void Data_NotContiguous_InShapeOrder()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2 }, { 3, 4 } }).t();

        Assert.Equal([1f, 3, 2, 4], x.data<float>().ToArray());
        Assert.Equal(3f, x.data<float>()[0, 1]);
        Assert.Equal([1f, 3, 2, 4], x.data<float>());
    }

    [Fact]
    public void Data_WrongType_Refused()
    {
        using var x = zeros(2);

        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => x.data<long>()).Message);
    }

    [Fact]
    public void Data_Indexer_ReadsAndWrites()
    {
        using var x = arange(6, float32);
        var data = x.data<float>();

        data[4] = 9;

        Assert.Equal(9, x[4].ToSingle());
        Assert.Equal(6, data.Count);
    }

    [Fact]
    public void Data_CopyTo_Filled()
    {
        using var x = arange(3);
        var target = new long[5];

        x.data<long>().CopyTo(target, 1);

        Assert.Equal([0L, 0, 1, 2, 0], target);
    }

    [Fact]
    public void Item_SeveralElements_Refused()
    {
        using var x = zeros(2);

        Assert.Throws<ArgumentException>(() => x.item<float>());
    }

    [Fact]
    public void ToNumber_AnyType_Converted()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1.5f, tensor(1.5f).to(bfloat16).ToSingle());
        Assert.Equal(3, tensor(3L).ToInt32());
        Assert.Equal(2.25, tensor(2.25).ToDouble());
        Assert.True(tensor(true).ToBoolean());
    }

    [Fact]
    public void Facts_Tensor_Described()
    {
        using var x = zeros([2, 3, 4], bfloat16);

        Assert.Equal((3, 24, 2), (x.ndim, x.numel(), x.element_size()));
        Assert.Equal(4, x.size(-1));
        Assert.Equal([12L, 4, 1], x.stride());
        Assert.Equal(DeviceType.CPU, x.device.type);
        Assert.True(x.is_floating_point());
        Assert.False(x.is_integral());
    }

    [Fact]
    public void Disposed_Use_Refused()
    {
        var x = zeros(2);
        x.Dispose();

        Assert.True(x.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => x.Handle);
        Assert.Throws<InvalidOperationException>(() => x + 1);
        x.Dispose();
    }
}
