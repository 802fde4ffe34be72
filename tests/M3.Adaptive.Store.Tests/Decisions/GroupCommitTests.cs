using System.Text;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Store.Tests.Decisions;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Append_BeforeTheFlush_HasNotReturned()
    {
        var file = new FakeFile { Gate = new() };
        await using var log = new DecisionLogFile(file);

        var append = log.AppendAsync(DecisionLogFileTests.Decision(1), default).AsTask();
        await file.FlushEntered.Task.Soon();

        Assert.False(append.IsCompleted);
        file.Gate.SetResult();
        await append.Soon();
    }

    [Fact]
    public async Task Append_ManyWhileTheDeviceIsBusy_ShareOneFlush()
    {
        var file = new FakeFile { Gate = new() };
        await using var log = new DecisionLogFile(file);
        var first = log.AppendAsync(DecisionLogFileTests.Decision(0), default).AsTask();
        await file.FlushEntered.Task.Soon();
        Task[] others = [.. Enumerable.Range(1, 100).Select(i => log.AppendAsync(DecisionLogFileTests.Decision(i), default).AsTask())];

        file.Gate.SetResult();
        await Task.WhenAll([first, .. others]).Soon();

        Assert.Equal(2, file.Flushes);
    }

    [Fact]
    public async Task Append_DeviceRefuses_FailsAndLeavesNoHalfLine()
    {
        var file = new FakeFile { OnFlush = () => throw new IOException("No space left on device") };
        await using var log = new DecisionLogFile(file);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => log.AppendAsync(DecisionLogFileTests.Decision(1), default).Soon());

        Assert.Equal(0, file.Length);
        file.OnFlush = () => { };
        await log.AppendAsync(DecisionLogFileTests.Decision(2), default).Soon();
        Assert.Contains("\"r2\"", Encoding.UTF8.GetString(file.Bytes));
        Assert.DoesNotContain("\"r1\"", Encoding.UTF8.GetString(file.Bytes));
    }

    [Fact]
    public async Task Check_DeviceFull_FailsUntilThereIsRoomAndKeepsNothing()
    {
        var file = new FakeFile { OnAppend = () => throw new IOException("No space left on device") };
        await using var log = new DecisionLogFile(file);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => log.CheckAsync(default).Soon());
        file.OnAppend = () => { };
        await log.CheckAsync(default).Soon();

        Assert.Contains("No space left", fault.Message);
        Assert.Equal((0, 0), (file.Length, file.Flushes));
    }

    [Fact]
    public async Task Append_CancelledWhileWaiting_ReturnsAtOnce()
    {
        using var source = new CancellationTokenSource();
        var file = new FakeFile { Gate = new() };
        await using var log = new DecisionLogFile(file);
        var append = log.AppendAsync(DecisionLogFileTests.Decision(1), source.Token).AsTask();
        await file.FlushEntered.Task.Soon();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append.Soon());
        file.Gate.SetResult();
    }

    [Fact]
    public async Task Dispose_AppendsWaiting_KeepsThemFirst()
    {
        var file = new FakeFile();
        var log = new DecisionLogFile(file);
        Task[] appends = [.. Enumerable.Range(0, 10).Select(i => log.AppendAsync(DecisionLogFileTests.Decision(i), default).AsTask())];

        await log.DisposeAsync();

        await Task.WhenAll(appends).Soon();
        Assert.True(file.Disposed);
        Assert.Equal(10, Encoding.UTF8.GetString(file.Bytes).Count(letter => letter == '\n'));
    }

    private sealed class FakeFile : IAppendOnlyFile
    {
        private readonly List<byte> _bytes = [];

        /// <summary>Holds every flush until it is set; null lets them pass.</summary>
        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource FlushEntered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action OnFlush { get; set; } = () => { };

        public Action OnAppend { get; set; } = () => { };

        public int Flushes { get; private set; }

        public bool Disposed { get; private set; }

        public byte[] Bytes => [.. _bytes];

        public long Length => _bytes.Count;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            OnAppend();
            _bytes.AddRange(bytes);
        }

        public void Flush()
        {
            Flushes++;
            FlushEntered.TrySetResult();
            Gate?.Task.Wait();
            OnFlush();
        }

        public void Truncate(long length) => _bytes.RemoveRange((int)length, (int)(_bytes.Count - length));

        public void Dispose() => Disposed = true;
    }
}
