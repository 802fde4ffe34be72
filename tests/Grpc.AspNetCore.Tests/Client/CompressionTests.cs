using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests.Client;

public class CompressionTests
{
    private static readonly Metadata AskForGzip = new() { { "grpc-internal-encoding-request", "gzip" } };
    private static readonly Metadata AskForDeflate = new() { { "grpc-internal-encoding-request", "deflate" } };

    public static TheoryData<string> Encodings => ["gzip", "deflate"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Unary_CompressedBothWays_ComesBack(string encoding)
    {
        await using var server = await EchoServer.StartAsync(o => o.ResponseCompressionAlgorithm = encoding);
        string? requestEncoding = null;
        server.Behaviour.Unary = (request, context) =>
        {
            requestEncoding = context.GetHttpContext().Request.Headers.GrpcEncoding;
            return Task.FromResult(new EchoReply { Payload = request.Payload });
        };

        var payload = ByteString.CopyFrom(new byte[1_000_000]);
        using var call = server.Client.UnaryAsync(new EchoRequest { Payload = payload }, encoding == "gzip" ? AskForGzip : AskForDeflate);
        var reply = await call.ResponseAsync.Soon();

        Assert.Equal(payload, reply.Payload);
        Assert.Equal(encoding, requestEncoding);
    }

    [Fact]
    public async Task Unary_EmptyMessagesCompressed_AreSentPlain()
    {
        await using var server = await EchoServer.StartAsync(o => o.ResponseCompressionAlgorithm = "gzip");

        var answer = await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", RawCall.Frame(), ("grpc-accept-encoding", "gzip")).Soon();

        Assert.Equal("0", answer.Status);
        Assert.Equal(RawCall.Frame(), answer.Body); // flag 0: nothing at all is no gzip
    }

    [Fact]
    public async Task Unary_ClientAcceptsNoGzip_AnswerIsPlain()
    {
        await using var server = await EchoServer.StartAsync(o => o.ResponseCompressionAlgorithm = "gzip");
        var message = new EchoRequest { Text = new string('a', 1_000) }.ToByteArray();

        var answer = await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", RawCall.Frame(message), ("grpc-accept-encoding", "identity, br")).Soon();

        Assert.Equal(0, answer.Body[0]);
        Assert.False(answer.Headers.Contains("grpc-encoding"));
    }

    [Fact]
    public async Task Unary_ClientAcceptsGzip_AnswerIsCompressed()
    {
        await using var server = await EchoServer.StartAsync(o => o.ResponseCompressionAlgorithm = "gzip");
        var message = new EchoRequest { Text = new string('a', 1_000) }.ToByteArray();

        var answer = await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", RawCall.Frame(message), ("grpc-accept-encoding", "br, gzip")).Soon();

        Assert.Equal(1, answer.Body[0]);
        Assert.Equal("gzip", answer.Headers.GetValues("grpc-encoding").Single());
        Assert.InRange(answer.Body.Length, 20, 200);
    }

    [Fact]
    public async Task ServerStream_HandlerAsksForGzip_EachMessageMayDecline()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.ServerStream = async (request, replies, context) =>
        {
            await context.WriteResponseHeadersAsync(AskForGzip);
            await replies.WriteAsync(new EchoReply { Text = request.Text });
            replies.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
            await replies.WriteAsync(new EchoReply { Text = request.Text });
        };
        var message = new EchoRequest { Text = new string('a', 1_000) };

        var answer = await RawCall.SendAsync(
            server.Address, "/standin.tests.Echo/ServerStream", RawCall.Frame(message.ToByteArray()), ("grpc-accept-encoding", "gzip")).Soon();
        using var call = server.Client.ServerStream(message);
        var texts = await call.ResponseStream.ReadAllAsync().Select(reply => reply.Text).ToListAsync().AsTask().Soon();

        Assert.Equal(1, answer.Body[0]);
        var second = 5 + answer.Body[4] + (answer.Body[3] << 8);
        Assert.Equal(0, answer.Body[second]);
        Assert.False(answer.Headers.Contains("grpc-internal-encoding-request"));
        Assert.Equal([message.Text, message.Text], texts);
    }

    [Fact]
    public async Task Unary_HandlerAsksForIdentity_AnswerIsPlain()
    {
        await using var server = await EchoServer.StartAsync(o => o.ResponseCompressionAlgorithm = "gzip");
        server.Behaviour.Unary = async (request, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "identity" } });
            return new EchoReply { Text = request.Text };
        };
        var message = new EchoRequest { Text = new string('a', 1_000) }.ToByteArray();

        var answer = await RawCall.SendAsync(server.Address, "/standin.tests.Echo/Unary", RawCall.Frame(message), ("grpc-accept-encoding", "gzip")).Soon();

        Assert.Equal("0", answer.Status);
        Assert.Equal(0, answer.Body[0]);
    }

    [Fact]
    public async Task ClientStream_CompressedRequests_AreRead()
    {
        await using var server = await EchoServer.StartAsync();

        using var call = server.Client.ClientStream(AskForGzip);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = new string('b', 10_000) }).Soon();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "c" }).Soon();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new string('b', 10_000) + "c", (await call.ResponseAsync.Soon()).Text);
    }
}
