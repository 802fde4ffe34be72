using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.Store.Writing;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Store.Tests.Writing;

public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly TestStore _kept = new();

    public Task InitializeAsync() => _kept.OpenAsync();

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Run_ManyWhileACommitIsOnItsWay_ShareTheNext()
    {
        await using var writer = Writer();
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = HoldAsync(writer, entered, gate);
        await entered.Task.Soon();
        // Each reads how many rows there were before this commit, and adds one: within one commit they see each other's.
        Task<int>[] others = [.. Enumerable.Range(0, 100).Select(i => writer.RunAsync(session => Add(session, $"{i}"), default))];
        await using var outside = _kept.File.CreateContext();

        gate.Set();
        var afterFirst = await Task.WhenAny(others).Soon();

        Assert.Equal(100, outside.Leases.Count());                            // all are there as soon as one is
        Assert.Equal(Enumerable.Range(1, 100), (await Task.WhenAll(others).Soon()).Order());
        Assert.True(await first && afterFirst.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Run_BeforeTheCommit_HasNotReturned()
    {
        await using var writer = Writer();
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var work = HoldAsync(writer, entered, gate);
        await entered.Task.Soon();

        Assert.False(work.IsCompleted);
        gate.Set();
        Assert.True(await work.Soon());
    }

    [Fact]
    public async Task Run_OneOfManyIsWrong_FailsAloneAndOnlyItIsUndone()
    {
        await using var writer = Writer();
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = HoldAsync(writer, entered, gate);
        await entered.Task.Soon();
        var good = writer.RunAsync(session => Add(session, "good"), default);
        var bad = writer.RunAsync<int>(
            session =>
            {
                Add(session, "bad");
                throw new FormatException("wrong");
            },
            default);
        var alsoGood = writer.RunAsync(session => Add(session, "also good"), default);

        gate.Set();

        await Assert.ThrowsAsync<FormatException>(() => bad.Soon());
        await Task.WhenAll(first, good, alsoGood).Soon();
        await using var context = _kept.File.CreateContext();
        Assert.Equal(["also good", "good"], context.Leases.Select(row => row.Holder).ToList().Order());
    }

    [Fact]
    public async Task Dispose_WorkWaiting_IsCommittedFirst()
    {
        var writer = Writer();
        Task<int>[] works = [.. Enumerable.Range(0, 10).Select(i => writer.RunAsync(session => Add(session, $"{i}"), default))];

        await writer.DisposeAsync().Soon();

        await Task.WhenAll(works).Soon();
        await using var context = _kept.File.CreateContext();
        Assert.Equal(10, context.Leases.Count());
    }

    [Fact]
    public async Task Run_NobodyWrites_IsCommittedByTheCaller()
    {
        await using var writer = Writer();

        var work = writer.RunAsync(session => (Thread: Environment.CurrentManagedThreadId, Rows: Add(session, "one")), default);

        Assert.True(work.IsCompletedSuccessfully);
        Assert.Equal((Environment.CurrentManagedThreadId, 1), await work);
        await using var outside = _kept.File.CreateContext();
        Assert.Equal(1, outside.Leases.Count());
    }

    [Fact]
    public async Task Run_AfterTheEnd_IsRefused()
    {
        var writer = Writer();
        await writer.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.RunAsync(session => Add(session, "late"), default).Soon());
    }

    // Work that holds the commit up until the gate opens; on a thread of its own, as it may run on its caller's.
    private static Task<bool> HoldAsync(GroupCommit writer, TaskCompletionSource entered, ManualResetEventSlim gate) => Task.Run(() => writer.RunAsync(
        _ =>
        {
            entered.SetResult();
            return gate.Wait(BoundedWaits.Limit);
        },
        default));

    private GroupCommit Writer() => new(_kept.File, NullLogger<GroupCommit>.Instance);

    private static int Add(StoreSession session, string holder)
    {
        session.Execute("INSERT INTO leases (id, holder, ends_at) VALUES (@id, @holder, 0)", ("@id", Guid.NewGuid()), ("@holder", holder));
        return session.Query("SELECT COUNT(*) FROM leases", row => (int)row.GetInt64(0))[0];
    }
}
