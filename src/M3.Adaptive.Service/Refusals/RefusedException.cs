using Google.Protobuf;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace M3.Adaptive.Service.Refusals;

/// <summary>Ends a call with a refusal, as the gRPC library understands it.</summary>
internal sealed class RefusedException(Refusal refusal) : RpcException(
    new Status(refusal.Code, refusal.Message, refusal.Fault), new Metadata { { Refusal.Trailer, refusal.ToStatus().ToByteArray() } })
{
    public Refusal Refusal => refusal;
}
