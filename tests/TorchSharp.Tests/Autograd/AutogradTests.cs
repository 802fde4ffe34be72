using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public class AutogradTests
{
    [Fact]
    public void Backward_Twice_GradientsAdd()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);

        (x * 3).sum().backward();
        (x * 3).sum().backward();

        x.grad!.ShouldBe([6, 6]);
    }

    [Fact]
    public void Grad_BeforeBackward_Null()
    {
        using var x = ones([2], null, null, true);

        Assert.Null(x.grad);
    }

    [Fact]
    public void NoGrad_Operators_NotRecorded()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);

        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void NoGrad_OtherThread_StillRecords()
    {
        using var recording = no_grad();
        var enabled = false;
        var thread = new Thread(() => enabled = is_grad_enabled());

        thread.Start();
        thread.Join();

        Assert.True(enabled);
    }

    [Fact]
    public void Detach_Result_HasNoGraph()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);
        var y = (x * 2).detach();

        Assert.False(y.requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact]
    public void Backward_WithGradient_Weighted()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);

        (x * x).backward([Values.Floats(1, 10)]);

        x.grad!.ShouldBe([2, 20]);
    }

    [Fact]
    public void Backward_Inputs_OnlyThose()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (ones([1], null, null, true), ones([1], null, null, true));

        (x * y).backward(null, false, [x]);

        Assert.NotNull(x.grad);
        Assert.Null(y.grad);
    }

    [Fact]
    public void RetainGrad_Intermediate_GradientKept()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);
        var y = x * 2;
        y.retain_grad();

        (y * 5).sum().backward();

        y.grad!.ShouldBe([5, 5]);
    }

    [Fact]
    public void Cast_ToBFloat16AndBack_GradientInOwnType()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], null, null, true);

        (x.to(bfloat16) * 3).to(float32).sum().backward();

        Assert.Equal(ScalarType.Float32, x.grad!.dtype);
        x.grad.ShouldBe([3, 3]);
    }
}
