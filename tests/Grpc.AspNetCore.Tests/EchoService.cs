using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests;

/// <summary>The tests' service: echoes, or does what the test has put in place of a method.</summary>
internal sealed class EchoService(EchoBehaviour behaviour) : Echo.EchoBase
{
    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) => behaviour.Unary(request, context);

    public override Task<EchoReply> ClientStream(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context) =>
        behaviour.ClientStream(requestStream, context);

    public override Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        behaviour.ServerStream(request, responseStream, context);

    public override Task Duplex(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        behaviour.Duplex(requestStream, responseStream, context);
}

/// <summary>What <see cref="EchoService"/> does; a test replaces what it is about.</summary>
internal sealed class EchoBehaviour
{
    public Func<EchoRequest, ServerCallContext, Task<EchoReply>> Unary { get; set; } =
        (request, _) => Task.FromResult(new EchoReply { Text = request.Text, Payload = request.Payload });

    public Func<IAsyncStreamReader<EchoRequest>, ServerCallContext, Task<EchoReply>> ClientStream { get; set; } = async (requests, _) =>
    {
        var reply = new EchoReply();
        await foreach (var request in requests.ReadAllAsync())
        {
            reply.Text += request.Text;
            reply.Number++;
        }

        return reply;
    };

    public Func<EchoRequest, IServerStreamWriter<EchoReply>, ServerCallContext, Task> ServerStream { get; set; } = async (request, replies, _) =>
    {
        for (var i = 0; i < request.Count; i++)
            await replies.WriteAsync(new EchoReply { Text = request.Text, Number = i, Payload = request.Payload });
    };

    public Func<IAsyncStreamReader<EchoRequest>, IServerStreamWriter<EchoReply>, ServerCallContext, Task> Duplex { get; set; } =
        async (requests, replies, _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
                await replies.WriteAsync(new EchoReply { Text = request.Text, Payload = request.Payload });
        };
}
