using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using M3.Adaptive.Service.Grpc.Details;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Statuses with details that a program can read (google.rpc, in the trailer <c>grpc-status-details-bin</c>).</summary>
internal static class Refusal
{
    public const string DetailsTrailer = "grpc-status-details-bin";

    public static RpcException InvalidArgument(string message, params IEnumerable<(string Field, string Problem)> faults)
    {
        var details = new BadRequest();
        details.FieldViolations.AddRange(
            faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Problem }));
        return With(StatusCode.InvalidArgument, message, details);
    }

    /// <summary>Full: the client may try again after <paramref name="delay"/>.</summary>
    public static RpcException RetryAfter(string message, TimeSpan delay) =>
        With(StatusCode.ResourceExhausted, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    private static RpcException With(StatusCode code, string message, IMessage details)
    {
        var status = new Details.Status { Code = (int)code, Message = message, Details = { Any.Pack(details) } };
        return new RpcException(new global::Grpc.Core.Status(code, message), new Metadata { { DetailsTrailer, status.ToByteArray() } });
    }
}
