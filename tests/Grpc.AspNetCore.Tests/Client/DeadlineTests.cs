using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests.Client;

public class DeadlineTests
{
    [Fact]
    public async Task Unary_DeadlinePasses_BothSidesLearnIt()
    {
        await using var server = await EchoServer.StartAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Unary = async (_, context) =>
        {
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            return new EchoReply();
        };

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddMilliseconds(50)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task Unary_DeadlineInThePast_FailsWithoutACall()
    {
        await using var server = await EchoServer.StartAsync();
        var called = false;
        server.Behaviour.Unary = (_, _) =>
        {
            called = true;
            return Task.FromResult(new EchoReply());
        };

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        Assert.False(called);
    }

    [Fact]
    public async Task Unary_WithDeadline_HandlerSeesIt()
    {
        await using var server = await EchoServer.StartAsync();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        var seen = default(DateTime);
        server.Behaviour.Unary = (_, context) =>
        {
            seen = context.Deadline;
            return Task.FromResult(new EchoReply());
        };

        await server.Client.UnaryAsync(new EchoRequest(), deadline: deadline).ResponseAsync.Soon();

        Assert.InRange(seen, deadline.AddSeconds(-1), deadline.AddSeconds(2));
    }

    [Fact]
    public async Task Unary_TokenCancelled_BothSidesLearnIt()
    {
        await using var server = await EchoServer.StartAsync();
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        server.Behaviour.Unary = async (_, context) =>
        {
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return new EchoReply();
        };
        using var source = new CancellationTokenSource();

        using var call = server.Client.UnaryAsync(new EchoRequest(), cancellationToken: source.Token);
        await started.Task.Soon();
        await source.CancelAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Soon());
        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task Unary_HandlerIgnoresDeadline_StatusComesBeforeItEnds()
    {
        await using var server = await EchoServer.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Unary = async (_, _) =>
        {
            await release.Task;
            return new EchoReply();
        };

        // A client without a timer of its own: the header alone.
        var answer = await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", RawCall.Frame(), headers: ("grpc-timeout", "30m")).Soon();

        Assert.Equal("4", answer.Status);
        release.SetResult();
    }
}
