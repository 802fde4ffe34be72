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
        var first = writer.RunAsync(
            _ =>
            {
                entered.SetResult();
                return gate.Wait(BoundedWaits.Limit);
            },
            default);
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

        var work = writer.RunAsync(
            session =>
            {
                Add(session, "one");
                entered.SetResult();
                return gate.Wait(BoundedWaits.Limit);
            },
            default);
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
        var first = writer.RunAsync(_ => gate.Wait(BoundedWaits.Limit), default);
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

    private GroupCommit Writer() => new(_kept.File, NullLogger<GroupCommit>.Instance);

    private static int Add(StoreSession session, string holder)
    {
        session.Execute("INSERT INTO leases (id, holder, ends_at) VALUES (@id, @holder, 0)", ("@id", Guid.NewGuid()), ("@holder", holder));
        return session.Query("SELECT COUNT(*) FROM leases", row => (int)row.GetInt64(0))[0];
    }
}
