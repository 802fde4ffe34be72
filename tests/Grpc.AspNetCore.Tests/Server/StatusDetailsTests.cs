using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;

namespace Grpc.AspNetCore.Tests.Server;

public class StatusDetailsTests
{
    private const string Key = "grpc-status-details-bin";

    public static TheoryData<IMessage> Details =>
    [
        new ErrorInfo { Reason = "QUOTA", Domain = "tests", Metadata = { ["tenant"] = "a" } },
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5)) },
        new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "text", Description = "ünknown" } } },
        new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = "tenant:a", Description = "spent" } } },
    ];

    [Theory]
    [MemberData(nameof(Details))]
    public async Task Details_OfEachKind_ReachTheClient(IMessage detail)
    {
        await using var server = await EchoServer.StartAsync();
        var status = new Google.Rpc.Status { Code = (int)StatusCode.ResourceExhausted, Message = "spent", Details = { Any.Pack(detail) } };
        server.Behaviour.Unary = (_, _) => throw new RpcException(
            new Core.Status(StatusCode.ResourceExhausted, "spent"), new Metadata { { Key, status.ToByteArray() } });

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        var received = Google.Rpc.Status.Parser.ParseFrom(exception.Trailers.GetValueBytes(Key));
        Assert.Equal(status, received);
        Assert.Equal((int)exception.StatusCode, received.Code);
        Assert.Equal($"type.googleapis.com/google.rpc.{detail.Descriptor.Name}", received.Details.Single().TypeUrl);
    }
}
