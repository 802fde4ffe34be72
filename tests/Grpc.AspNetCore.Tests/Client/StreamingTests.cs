using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests.Client;

public class StreamingTests
{
    [Fact]
    public async Task ClientStream_ManyMessages_AreAllSeen()
    {
        await using var server = await EchoServer.StartAsync();

        using var call = server.Client.ClientStream();
        for (var i = 0; i < 100; i++) await call.RequestStream.WriteAsync(new EchoRequest { Text = "x" }).Soon();
        await call.RequestStream.CompleteAsync();
        var reply = await call.ResponseAsync.Soon();

        Assert.Equal(100, reply.Number);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ClientStream_NoMessage_IsAnEmptyStream()
    {
        await using var server = await EchoServer.StartAsync();

        using var call = server.Client.ClientStream();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(0, (await call.ResponseAsync.Soon()).Number);
    }

    [Fact]
    public async Task ServerStream_ManyMessages_ComeInOrder()
    {
        await using var server = await EchoServer.StartAsync();

        using var call = server.Client.ServerStream(new EchoRequest { Count = 1_000, Text = "t" });
        var numbers = await call.ResponseStream.ReadAllAsync().Select(reply => reply.Number).ToListAsync().AsTask().Soon();

        Assert.Equal(Enumerable.Range(0, 1_000), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStream_LargeMessages_ComeWhole()
    {
        await using var server = await EchoServer.StartAsync();
        var payload = new byte[300_000];
        new Random(3).NextBytes(payload);

        using var call = server.Client.ServerStream(new EchoRequest { Count = 5, Payload = ByteString.CopyFrom(payload) });
        var replies = await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().Soon();

        Assert.Equal(5, replies.Count);
        Assert.All(replies, reply => Assert.Equal(payload, reply.Payload.ToByteArray()));
    }

    [Fact]
    public async Task ServerStream_MessagesInARow_AllComeWhileTheHandlerGoesOn()
    {
        await using var server = await EchoServer.StartAsync();
        var read = new TaskCompletionSource();
        server.Behaviour.ServerStream = async (request, replies, _) =>
        {
            for (var i = 0; i < request.Count; i++) await replies.WriteAsync(new EchoReply { Number = i });
            await read.Task.Soon();
        };

        using var call = server.Client.ServerStream(new EchoRequest { Count = 5 });
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }

        read.SetResult();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task ServerStream_BufferHint_MessagesStillCome()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.ServerStream = async (request, replies, _) =>
        {
            replies.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
            for (var i = 0; i < request.Count; i++) await replies.WriteAsync(new EchoReply { Number = i, Payload = request.Payload });
        };

        using var call = server.Client.ServerStream(new EchoRequest { Count = 500, Payload = ByteString.CopyFrom(new byte[1_000]) });

        Assert.Equal(500, await call.ResponseStream.ReadAllAsync().CountAsync().AsTask().Soon());
    }

    [Fact]
    public async Task Duplex_PingPong_Alternates()
    {
        await using var server = await EchoServer.StartAsync();

        using var call = server.Client.Duplex();
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" }).Soon();
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_ServerEndsBeforeReading_ClientSeesStatus()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Duplex = (_, _, _) => throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));

        using var call = server.Client.Duplex();
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().Soon());

        Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
        exception = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()).Soon());
        Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
    }

    [Fact]
    public async Task ClientStream_ServerEndsWhileClientSends_WriteTellsTheStatus()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.ClientStream = async (requests, _) =>
        {
            await requests.MoveNext();
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "enough"));
        };

        using var call = server.Client.ClientStream();
        var exception = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[100_000]) }).Soon();
        });

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Soon())).StatusCode);
    }

    [Fact]
    public async Task ServerStream_ErrorAfterMessages_MessagesThenStatus()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.ServerStream = async (_, replies, context) =>
        {
            await replies.WriteAsync(new EchoReply { Number = 1 });
            context.ResponseTrailers.Add("tail", "t");
            throw new RpcException(new Status(StatusCode.DataLoss, "half"));
        };

        using var call = server.Client.ServerStream(new EchoRequest());

        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.DataLoss, exception.StatusCode);
        Assert.Equal("t", call.GetTrailers().GetValue("tail"));
    }

    [Fact]
    public async Task ServerStream_ClientDisposes_HandlersTokenFiresAndWritesFail()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.ServerStream = async (_, replies, _) =>
        {
            try
            {
                while (true) await replies.WriteAsync(new EchoReply()); // never looks at the token
            }
            catch (Exception exception)
            {
                ended.SetResult(exception);
                throw;
            }
        };

        using (var call = server.Client.ServerStream(new EchoRequest()))
        {
            Assert.True(await call.ResponseStream.MoveNext().Soon());
        }

        Assert.IsType<InvalidOperationException>(await ended.Task.Soon());
    }

    [Fact]
    public async Task Duplex_TokenCancelled_ReadFailsAndServerLearnsIt()
    {
        await using var server = await EchoServer.StartAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Duplex = async (_, _, context) =>
        {
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
        };
        using var source = new CancellationTokenSource();

        using var call = server.Client.Duplex(cancellationToken: source.Token);
        await call.RequestStream.WriteAsync(new EchoRequest()).Soon();
        var read = call.ResponseStream.MoveNext();
        await source.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read.Soon())).StatusCode);
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task Duplex_Deadline_EndsBothSides()
    {
        await using var server = await EchoServer.StartAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Duplex = async (_, _, context) =>
        {
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
        };

        using var call = server.Client.Duplex(deadline: DateTime.UtcNow.AddMilliseconds(100));
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().Soon());

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task WriteAsync_WhileAnotherIsPending_Throws()
    {
        await using var server = await EchoServer.StartAsync();
        var outcome = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.ServerStream = async (_, replies, _) =>
        {
            // Without a reader the windows fill: then one write stays pending and the next is refused at once.
            var pending = Task.CompletedTask;
            Exception? refused = null;
            while (refused is null)
            {
                var write = replies.WriteAsync(new EchoReply { Payload = ByteString.CopyFrom(new byte[60_000]) });
                if (write.IsFaulted) refused = await Record.ExceptionAsync(() => write);
                else if (!write.IsCompleted) pending = write;
            }

            outcome.SetResult(refused);
            await pending;
        };

        using var call = server.Client.ServerStream(new EchoRequest());

        Assert.IsType<InvalidOperationException>(await outcome.Task.Soon());
    }

    [Fact]
    public async Task ResponseHeaders_OfAStream_ComeBeforeTheFirstMessage()
    {
        await using var server = await EchoServer.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.ServerStream = async (_, replies, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "yes" } });
            await release.Task;
            await replies.WriteAsync(new EchoReply());
        };

        using var call = server.Client.ServerStream(new EchoRequest());

        Assert.Equal("yes", (await call.ResponseHeadersAsync.Soon()).GetValue("early"));
        release.SetResult();
        Assert.True(await call.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task Channel_Disposed_EndsCallsWithCancelled()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Duplex = (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);
        using var call = new Echo.EchoClient(channel).Duplex();
        var read = call.ResponseStream.MoveNext();

        channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read.Soon())).StatusCode);
    }
}
