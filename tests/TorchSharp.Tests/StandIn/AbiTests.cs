using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Tests.StandIn;

public class AbiTests
{
    private const int BadArgument = 4; // m3torch.h: M3T_BAD_ARGUMENT

    [Fact]
    public void Structs_SizesAndOffsets_AsInTheHeader()
    {
        Assert.Equal(16, Unsafe.SizeOf<NativeValue>());
        Assert.Equal(8, Marshal.OffsetOf<NativeValue>(nameof(NativeValue.Data)));
        Assert.Equal(32, Unsafe.SizeOf<TensorInfo>());
        Assert.Equal(28, Marshal.OffsetOf<TensorInfo>(nameof(TensorInfo.RequiresGrad)));
    }

    [Fact]
    public unsafe void Call_NullOperator_Refused()
    {
        Assert.Equal(BadArgument, NativeMethods.m3t_operator_call(0, null, 0, null, 0, out _));
    }

    [Fact]
    public void Find_UnknownOperator_Named()
    {
        var message = Assert.Throws<ExternalException>(() => Operators.Call("no_such_operator")).Message;

        Assert.Contains("aten::no_such_operator", message);
    }

    [Fact]
    public void Call_TooManyArguments_Refused()
    {
        using var x = zeros(1);

        Assert.Contains("3 arguments given, 1 taken", Message(() => Operators.Call("exp", x, 1, 2)));
    }

    [Fact]
    public void Call_MissingArgument_Named()
    {
        using var x = zeros(1);

        Assert.Contains("'other' is missing", Message(() => Operators.Call("add.Tensor", x)));
    }

    [Fact]
    public void Call_WrongType_Named()
    {
        using var x = zeros(1);

        Assert.Contains("'other' cannot take", Message(() => Operators.Call("add.Tensor", x, "two")));
        Assert.Contains("'dim' cannot take", Message(() => Operators.Call("cumsum", x, 1.5)));
    }

    [Fact]
    public void Call_TooManyResults_RefusedAndFreed()
    {
        using var x = zeros(4);
        Process.LiveTensors();
        var before = NativeMethods.m3t_tensor_live();

        Assert.Contains("more than 2 results", Message(() => Operators.CallList("chunk", 2, x, 4)));

        Assert.Equal(before, NativeMethods.m3t_tensor_live());
    }

    [Fact]
    public void FromBytes_WrongCount_Refused()
    {
        unsafe
        {
            var bytes = stackalloc byte[4];

            var status = NativeMethods.m3t_tensor_from_bytes(bytes, 4, [2], 1, (int)ScalarType.Float32, out var handle);

            Assert.Equal(BadArgument, status);
            Assert.True(handle.IsInvalid);
        }
    }

    [Fact]
    public void Handles_ThousandSteps_NoneLeft()
    {
        using var x = randn(4, 4);
        Process.LiveTensors();
        var before = NativeMethods.m3t_tensor_live();

        for (var i = 0; i < 1000; i++)
        {
            using var scope = NewDisposeScope();
            _ = (x.matmul(x) + 1)[TensorIndex.Ellipsis, 0].chunk(2);
        }

        Assert.Equal(before, NativeMethods.m3t_tensor_live());
    }

    private static string Message(Action call) => Assert.Throws<ExternalException>(call).Message;
}
