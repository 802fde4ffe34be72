using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests.Client;

public class UnaryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_091)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Unary_PayloadOfAnySize_ComesBack(int bytes)
    {
        await using var server = await EchoServer.StartAsync();
        var payload = new byte[bytes];
        new Random(7).NextBytes(payload);

        var reply = await server.Client.UnaryAsync(new EchoRequest { Text = "größer", Payload = ByteString.CopyFrom(payload) }).ResponseAsync.Soon();

        Assert.Equal("größer", reply.Text);
        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task BlockingUnary_Answer_ComesBack()
    {
        await using var server = await EchoServer.StartAsync();

        var reply = server.Client.Unary(new EchoRequest { Text = "now" });

        Assert.Equal("now", reply.Text);
    }

    [Fact]
    public async Task Unary_HandlerThrowsRpcException_ClientSeesStatusAndTrailers()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) =>
        {
            context.ResponseTrailers.Add("own", "1");
            throw new RpcException(new Status(StatusCode.NotFound, "nothing: 100 % ünknown\n"), new Metadata { { "reason", "gone" }, { "details-bin", [1, 2, 255] } });
        };

        using var call = server.Client.UnaryAsync(new EchoRequest());
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Soon());

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("nothing: 100 % ünknown\n", exception.Status.Detail);
        Assert.Equal("1", exception.Trailers.GetValue("own"));
        Assert.Equal("gone", exception.Trailers.GetValue("reason"));
        Assert.Equal([1, 2, 255], exception.Trailers.GetValueBytes("details-bin"));
        Assert.Equal(StatusCode.NotFound, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Unary_HandlerThrowsAnother_ClientSeesUnknownWithoutItsText()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, _) => throw new InvalidOperationException("secret");

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Unknown, exception.StatusCode);
        Assert.DoesNotContain("secret", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("secret", Assert.Single(server.Log.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_HandlerSetsStatus_ClientSeesIt()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) =>
        {
            context.Status = new Status(StatusCode.FailedPrecondition, "not yet");
            return Task.FromResult(new EchoReply());
        };

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.FailedPrecondition, exception.StatusCode);
    }

    [Fact]
    public async Task Unary_HandlerReturnsNull_IsCancelled()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, _) => Task.FromResult<EchoReply>(null!);

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
    }

    [Fact]
    public async Task Unary_MethodNotOverridden_IsUnimplemented()
    {
        await using var server = await EchoServer.StartAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.MissingAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Fact]
    public async Task Unary_Metadata_CrossesBothWays()
    {
        await using var server = await EchoServer.StartAsync();
        Metadata? seen = null;
        server.Behaviour.Unary = async (_, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(new Metadata { { "initial", "first" }, { "initial-bin", [0, 128] } });
            context.ResponseTrailers.Add("final", "last");
            return new EchoReply();
        };

        using var call = server.Client.UnaryAsync(new EchoRequest(), new Metadata { { "Custom", "a" }, { "custom", "b" }, { "raw-bin", [9] }, { "raw-bin", [8, 7] } });
        var headers = await call.ResponseHeadersAsync.Soon();
        await call.ResponseAsync.Soon();

        Assert.Equal("a, b", string.Join(", ", seen!.GetAll("custom").Select(e => e.Value))); // HttpClient joins lines of one name
        Assert.Equal([[9], [8, 7]], seen!.GetAll("raw-bin").Select(e => e.ValueBytes));
        Assert.DoesNotContain(seen!, e => e.Key is "te" or "content-type" or "grpc-accept-encoding");
        Assert.Equal("first", headers.GetValue("initial"));
        Assert.Equal([0, 128], headers.GetValueBytes("initial-bin"));
        Assert.Equal("last", call.GetTrailers().GetValue("final"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Unary_NobodyListens_IsUnavailable()
    {
        var server = await EchoServer.StartAsync();
        await server.DisposeAsync();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);

        var exception = await Assert.ThrowsAsync<RpcException>(() => new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }
}
