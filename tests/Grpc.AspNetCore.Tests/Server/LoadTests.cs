using System.Net;
using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;
using M3.Adaptive.Benchmarks.Grpc;

namespace Grpc.AspNetCore.Tests.Server;

/// <summary>Many calls, and clients that do not play along. Any error logged fails the test.</summary>
[Collection(RunsAlone.Name)]
public class LoadTests
{
    private static readonly Task Forever = new TaskCompletionSource().Task;

    [Fact]
    public async Task Unary_ThousandAtOnce_AllAnswered()
    {
        const int Calls = 1_000;
        await using var server = await EchoServer.StartAsync();
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.Unary = async (request, _) =>
        {
            if (Interlocked.Increment(ref arrived) == Calls) all.SetResult();
            await all.Task; // nobody is answered before all are here
            return new EchoReply { Text = request.Text };
        };

        var texts = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async i => (await server.Client.UnaryAsync(new EchoRequest { Text = $"{i}" })).Text)).Soon();

        Assert.Equal(Enumerable.Range(0, Calls).Select(i => $"{i}"), texts);
    }

    [Fact]
    public async Task Duplex_ThousandOpenStreamsClosedByTheClient_LeaveNothing()
    {
        const int Streams = 250, Rounds = 4;
        await using var server = await EchoServer.StartAsync();
        var memory = new long[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var (open, ended) = (0, 0);
            var (allOpen, allEnded) = (new TaskCompletionSource(), new TaskCompletionSource());
            server.Behaviour.Duplex = async (_, replies, context) =>
            {
                await replies.WriteAsync(new EchoReply());
                if (Interlocked.Increment(ref open) == Streams) allOpen.SetResult();
                await Task.WhenAny(Forever, Task.Delay(Timeout.Infinite, context.CancellationToken));
                if (Interlocked.Increment(ref ended) == Streams) allEnded.SetResult();
                context.CancellationToken.ThrowIfCancellationRequested();
            };

            var calls = Enumerable.Range(0, Streams).Select(_ => server.Client.Duplex()).ToList();
            await allOpen.Task.Soon();
            foreach (var call in calls) call.Dispose();
            await allEnded.Task.Soon();
            memory[round] = GC.GetTotalMemory(forceFullCollection: true);
        }

        Assert.InRange(memory[^1] - memory[0], long.MinValue, 8 * 1024 * 1024);
        Assert.Equal("on", (await server.Client.UnaryAsync(new EchoRequest { Text = "on" }).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task ServerStream_ClientNeverReads_WritesStopUntilItLeaves()
    {
        await using var server = await EchoServer.StartAsync();
        var blocked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.ServerStream = async (_, replies, _) =>
        {
            var message = new EchoReply { Payload = ByteString.CopyFrom(new byte[64_000]) };
            try
            {
                for (var written = 0; ; written += 64_000)
                {
                    var write = replies.WriteAsync(message);
                    if (!write.IsCompleted && written > 0 && await Task.WhenAny(write, Task.Delay(300)) != write) blocked.TrySetResult(written);
                    await write;
                }
            }
            finally
            {
                ended.SetResult();
            }
        };

        using (var call = server.Client.ServerStream(new EchoRequest()))
        {
            await call.ResponseHeadersAsync.Soon();
            Assert.InRange(await blocked.Task.Soon(), 1, 32 * 1024 * 1024); // the windows' worth, not the stream's
        }

        await ended.Task.Soon();
    }

    [Fact]
    public async Task ServerStream_HeldUpByTheConnectionAtItsEnd_IsNotReset()
    {
        await using var server = await EchoServer.StartAsync();
        var reply = new EchoReply { Payload = ByteString.CopyFrom(new byte[100]) };
        server.Behaviour.ServerStream = async (request, replies, _) =>
        {
            for (var i = 0; i < request.Count; i++) await replies.WriteAsync(reply);
        };

        using var client = new Http2Driver(server.Address.Port, "/standin.tests.Echo/ServerStream", RawCall.Frame(new EchoRequest { Count = 1_000 }.ToByteArray()));

        await client.RunAsync(calls: 2_000, concurrency: 4);                      // throws at a reset
    }

    [Fact]
    public async Task ServerStream_ClientNeverReads_DeadlineStillEndsTheHandler()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour.ServerStream = async (_, replies, _) =>
        {
            try
            {
                while (true) await replies.WriteAsync(new EchoReply { Payload = ByteString.CopyFrom(new byte[64_000]) });
            }
            finally
            {
                ended.SetResult();
            }
        };

        // By HTTP alone: nothing on this side keeps the deadline, and nothing reads.
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var request = Request(server, "/standin.tests.Echo/ServerStream", new ByteArrayContent(RawCall.Frame()));
        request.Headers.TryAddWithoutValidation("grpc-timeout", "300m");
        using var response = await http.SendAsync(request, CancellationToken.None).Soon();

        await ended.Task.Soon();
    }

    [Theory]
    [InlineData("/standin.tests.Echo/Unary")]
    [InlineData("/standin.tests.Echo/ClientStream")]
    [InlineData("/standin.tests.Echo/ServerStream")]
    [InlineData("/standin.tests.Echo/Duplex")]
    public async Task Request_ResetAtAnyPoint_TheServerGoesOn(string path)
    {
        await using var server = await EchoServer.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var message = RawCall.Frame(new EchoRequest { Text = "to be cut", Count = 3 }.ToByteArray());
        for (var sent = 0; sent <= message.Length; sent++)
        {
            using var cut = new CancellationTokenSource();
            var content = new CutContent(message.AsMemory(0, sent), cut);
            var failure = await Record.ExceptionAsync(async () =>
            {
                using var response = await http.SendAsync(Request(server, path, content), cut.Token);
                await response.Content.ReadAsByteArrayAsync(cut.Token);
            }).Soon();
            Assert.True(failure is OperationCanceledException or HttpRequestException or HttpProtocolException or null, $"{failure}");
        }

        Assert.Equal("on", (await server.Client.UnaryAsync(new EchoRequest { Text = "on" }).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task Deadline_RacingTheHandler_ClientAlwaysSeesOneOfBoth()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = async (request, context) =>
        {
            await Task.WhenAny(Forever, Task.Delay(request.Count));
            return new EchoReply { Text = "in time" };
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            // The header alone, with nothing on this side that could end the call.
            var body = RawCall.Frame(new EchoRequest { Count = 20 + (i % 10) }.ToByteArray());
            return (await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", body, ("grpc-timeout", "25m"))).Status;
        })).Soon();

        Assert.All(outcomes, status => Assert.True(status is "0" or "4", status));
        Assert.Contains("4", outcomes);
    }

    private static HttpRequestMessage Request(EchoServer server, string path, HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        return request;
    }

    /// <summary>Sends some bytes, and then the request is cancelled.</summary>
    private sealed class CutContent(ReadOnlyMemory<byte> bytes, CancellationTokenSource cut) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            await cut.CancelAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>For tests that measure what the whole process holds: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = nameof(RunsAlone);
}
