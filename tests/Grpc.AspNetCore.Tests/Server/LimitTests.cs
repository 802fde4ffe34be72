using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Tests.Server;

public class LimitTests
{
    private static EchoRequest RequestOf(int bytes)
    {
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[Math.Max(0, bytes - 8)]) };
        while (request.CalculateSize() < bytes) request.Text += "x";
        Assert.Equal(bytes, request.CalculateSize());
        return request;
    }

    [Fact]
    public async Task Receive_ExactlyTheDefaultLimit_IsAccepted()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, _) => Task.FromResult(new EchoReply { Text = "in" });

        Assert.Equal("in", (await server.Client.UnaryAsync(RequestOf(4_194_304)).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task Receive_OneByteMore_IsResourceExhausted()
    {
        await using var server = await EchoServer.StartAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(RequestOf(4_194_305)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task Receive_LimitLifted_TakesFortyMegabytes()
    {
        await using var server = await EchoServer.StartAsync(o => o.MaxReceiveMessageSize = null);
        server.Behaviour.Unary = (request, _) => Task.FromResult(new EchoReply { Number = request.Payload.Length });

        var reply = await server.Client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[40_000_000]) }).ResponseAsync.Soon();

        Assert.Equal(40_000_000, reply.Number);
    }

    [Fact]
    public async Task ClientStream_FortyMegabytesInAll_IsAccepted()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client.ClientStream();

        for (var i = 0; i < 40; i++) await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[1_000_000]) }).Soon();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(40, (await call.ResponseAsync.Soon()).Number);
    }

    [Fact]
    public async Task Send_AboveTheLimit_IsResourceExhausted()
    {
        await using var server = await EchoServer.StartAsync(o => o.MaxSendMessageSize = 1_000);

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(RequestOf(2_000)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task Client_AnswerAboveItsLimit_IsResourceExhausted()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 1_000 });

        var exception = await Assert.ThrowsAsync<RpcException>(() => new Echo.EchoClient(channel).UnaryAsync(RequestOf(2_000)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task Client_RequestAboveItsLimit_FailsBeforeItIsSent()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, _) => throw new InvalidOperationException("must not be called");
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxSendMessageSize = 1_000 });

        var exception = await Assert.ThrowsAsync<RpcException>(() => new Echo.EchoClient(channel).UnaryAsync(RequestOf(2_000)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task ServiceOptions_OverThoseOfAll_Hold()
    {
        await using var server = await EchoServer.StartAsync(
            o => o.MaxReceiveMessageSize = 10,
            services => services.AddGrpc().AddServiceOptions<EchoService>(o => o.MaxReceiveMessageSize = 10_000));

        Assert.Equal("", (await server.Client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[5_000]) }).ResponseAsync.Soon()).Text);
    }
}
