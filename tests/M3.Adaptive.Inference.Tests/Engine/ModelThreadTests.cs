using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class ModelThreadTests : IDisposable
{
    private readonly ModelThread _thread = new(threads: 1, maxWaiting: 2);

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task TryInvoke_ManyCalls_RunInOrderOnOneThread()
    {
        using var gate = new ManualResetEventSlim();
        var order = new List<(int Call, int Thread)>();
        Task<int> Queue(int call)
        {
            Assert.True(_thread.TryInvoke(
                () =>
                {
                    gate.Wait();
                    order.Add((call, Environment.CurrentManagedThreadId));
                    return call;
                },
                CancellationToken.None, out var result));
            return result;
        }

        var running = await Running(gate);
        var calls = new[] { Queue(1), Queue(2) };
        gate.Set();

        var results = await Task.WhenAll(calls).Soon();
        Assert.Equal([1, 2], results);
        Assert.Equal([1, 2], order.Select(entry => entry.Call));
        Assert.Single(order.Select(entry => entry.Thread).Append(await running.Soon()).Distinct());
    }

    [Fact]
    public async Task TryInvoke_QueueFull_RefusesAtTheDoor()
    {
        using var gate = new ManualResetEventSlim();
        var running = await Running(gate);
        Assert.True(_thread.TryInvoke(() => 1, CancellationToken.None, out _));
        Assert.True(_thread.TryInvoke(() => 2, CancellationToken.None, out var last));

        var admitted = _thread.TryInvoke(() => 3, CancellationToken.None, out _);

        Assert.False(admitted);
        gate.Set();
        Assert.Equal(2, await last.Soon());
        await running.Soon();
    }

    [Fact]
    public async Task TryInvoke_CancelledWhileWaiting_EndsAtOnceAndNeverRuns()
    {
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var ran = false;
        var running = await Running(gate);
        Assert.True(_thread.TryInvoke(() => ran = true, cancel.Token, out var waiting));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        gate.Set();
        await running.Soon();
        await Idle();
        Assert.False(ran);
    }

    [Fact]
    public async Task TryInvoke_CallFails_ItsCallerHearsAndTheThreadLivesOn()
    {
        Assert.True(_thread.TryInvoke<int>(() => throw new InvalidDataException("broken"), CancellationToken.None, out var failing));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => failing.Soon());

        Assert.Equal("broken", fault.Message);
        await Idle();
    }

    [Fact]
    public async Task Dispose_CallsWaiting_CancelsThemAndRefusesFurtherOnes()
    {
        using var gate = new ManualResetEventSlim();
        var running = await Running(gate);
        Assert.True(_thread.TryInvoke(() => 1, CancellationToken.None, out var waiting));

        var disposal = Task.Run(_thread.Dispose);
        await Task.Run(() => _thread.Stopping.WaitHandle.WaitOne()).Soon();
        gate.Set();
        await disposal.Soon();

        await running.Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        Assert.Throws<ObjectDisposedException>(() => _thread.TryInvoke(() => 1, CancellationToken.None, out _));
    }

    /// <summary>A call that runs until the gate opens, and tells its thread.</summary>
    private async Task<Task<int>> Running(ManualResetEventSlim gate)
    {
        var begun = new TaskCompletionSource();
        Assert.True(_thread.TryInvoke(
            () =>
            {
                begun.SetResult();
                gate.Wait();
                return Environment.CurrentManagedThreadId;
            },
            CancellationToken.None, out var running));
        await begun.Task.Soon();
        return running;
    }

    private async Task Idle()
    {
        Assert.True(_thread.TryInvoke(() => true, CancellationToken.None, out var last));
        Assert.True(await last.Soon());
    }
}
