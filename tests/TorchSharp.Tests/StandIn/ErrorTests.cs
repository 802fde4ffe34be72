using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.StandIn;

public class ErrorTests
{
    [Fact]
    public void Add_ShapesDiffer_LibtorchMessage()
    {
        using var scope = NewDisposeScope();

        var message = Assert.Throws<ExternalException>(() => zeros(2, 3) + zeros(4)).Message;

        Assert.Contains("The size of tensor a (3) must match the size of tensor b (4)", message);
        Assert.DoesNotContain("frame #", message);
    }

    [Fact]
    public void Error_LongMessage_Whole()
    {
        using var x = zeros(1);
        var equation = new string('a', 3000) + "->";

        var message = Assert.Throws<ExternalException>(() => einsum(equation + "!", x)).Message;

        Assert.NotEmpty(message);
    }

    [Fact]
    public void Error_OtherThread_OwnMessage()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(2), zeros(3));
        string? other = null;
        var thread = new Thread(() => other = Assert.Throws<ExternalException>(() => a.mm(a)).Message);

        thread.Start();
        thread.Join();
        var own = Assert.Throws<ExternalException>(() => a + b).Message;

        Assert.Contains("matrix", other);
        Assert.Contains("must match", own);
    }

    [Fact]
    public void Backward_NoGraph_Refused()
    {
        using var x = zeros(1);

        Assert.Contains("does not require grad", Assert.Throws<ExternalException>(() => x.backward()).Message);
    }

    [Fact]
    public void RequiresGrad_Integers_Refused()
    {
        using var x = zeros([1], int64);

        Assert.Throws<ExternalException>(() => x.requires_grad = true);
    }

    [Fact]
    public void Index_OutOfRange_Refused()
    {
        using var x = zeros(3);

        Assert.Contains("out of range", Assert.Throws<ExternalException>(() => x[5]).Message);
    }
}
