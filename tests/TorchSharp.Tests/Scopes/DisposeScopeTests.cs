using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Scopes;

public class DisposeScopeTests
{
    [Fact]
    public void Scope_Closed_TensorsDisposed()
    {
        Tensor x, y;
        using (NewDisposeScope())
        {
            x = zeros(2);
            y = x + 1;
        }

        Assert.True(x.IsInvalid);
        Assert.True(y.IsInvalid);
    }

    [Fact]
    public void Tensor_OutsideScope_Stays()
    {
        using var x = zeros(2);
        using (NewDisposeScope())
        {
            x.add_(1);
        }

        x.ShouldBe([1, 1]);
    }

    [Fact]
    public void MoveToOuter_NestedScopes_OuterDisposes()
    {
        Tensor x;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                x = inner.MoveToOuter(zeros(2));
            }
            Assert.False(x.IsInvalid);
        }

        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_OwnerIsOutermost_Free()
    {
        Tensor x;
        using (NewDisposeScope())
        {
            x = zeros(2);
            using (NewDisposeScope()) Assert.Same(x, x.MoveToOuterDisposeScope()); // out of its owner, not of the innermost
        }

        Assert.False(x.IsInvalid);
        x.Dispose();
    }

    [Fact]
    public void MoveToOuter_NoOuterScope_Free()
    {
        Tensor x;
        using (NewDisposeScope())
        {
            x = zeros(2).MoveToOuterDisposeScope();
        }

        Assert.False(x.IsInvalid);
        x.Dispose();
    }

    [Fact]
    public void Detach_Tensor_SurvivesAllScopes()
    {
        Tensor x;
        using (NewDisposeScope())
        using (var inner = NewDisposeScope())
        {
            x = inner.Detach(zeros(2));
        }

        Assert.False(x.IsInvalid);
        x.Dispose();
    }

    [Fact]
    public void Attach_FreeTensor_Disposed()
    {
        var x = zeros(2);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(x);
            Assert.True(scope.Contains(x));
        }

        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void DisposeEverythingBut_Kept_StaysInScope()
    {
        Tensor kept, other;
        using (var scope = NewDisposeScope())
        {
            kept = zeros(2);
            other = zeros(2);
            scope.DisposeEverythingBut(kept);

            Assert.False(kept.IsInvalid);
            Assert.True(other.IsInvalid);
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Dispose_ByHand_LeavesScope()
    {
        using var scope = NewDisposeScope();

        zeros(2).Dispose();

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Scope_OtherThread_NotSeen()
    {
        using var scope = NewDisposeScope();
        Tensor? x = null;
        var thread = new Thread(() => x = zeros(2));

        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        Assert.False(x!.IsInvalid); // assigned by the thread
        x.Dispose();
    }

    [Fact]
    public void Scope_Exception_StillDisposes()
    {
        Tensor? x = null;
        try
        {
            using var scope = NewDisposeScope();
            x = zeros(2);
            _ = x + zeros(3);
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            // the shapes differ on purpose
        }

        Assert.True(x!.IsInvalid); // assigned before the failure
    }

    [Fact]
    public void Statistics_InScope_Counted()
    {
        DisposeScopeManager.Statistics.Reset();

        using (var scope = NewDisposeScope())
        {
            scope.Detach(zeros(1)).Dispose();
            _ = zeros(1) + 1;
            Assert.Equal(2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        var statistics = DisposeScopeManager.Statistics;
        Assert.Equal((3, 2, 1), (statistics.CreatedInScopeCount, statistics.DisposedInScopeCount, statistics.DetachedFromScopeCount));
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Training_ThousandSteps_NoTensorLeft()
    {
        using var layer = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 2));
        using var optimizer = optim.AdamW(layer.parameters(), 1e-3);
        using var input = randn(8, 4);
        using var labels = randint(2, 8);
        Step();
        var before = Process.LiveTensors();

        for (var i = 0; i < 1000; i++) Step();

        Assert.Equal(before, Process.LiveTensors());

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            F.cross_entropy(layer.call(input), labels).backward();
            nn.utils.clip_grad_norm_(layer.parameters(), 1.0);
            optimizer.step();
        }
    }
}
