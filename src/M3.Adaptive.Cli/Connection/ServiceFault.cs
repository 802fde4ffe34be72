using Grpc.Core;

namespace M3.Adaptive.Cli.Connection;

/// <summary>What a user is told of a call that the service refused.</summary>
internal static class ServiceFault
{
    /// <returns>Null for what is no refusal.</returns>
    public static CommandException? Explain(Exception exception) => exception is RpcException refusal
        ? new CommandException(Describe(refusal.Status), IsWrongUse(refusal.StatusCode) ? ExitCode.WrongUse : ExitCode.Failure, refusal)
        : null;

    private static bool IsWrongUse(StatusCode code) =>
        code is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Unimplemented;

    private static string Describe(Status status) => status.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition => status.Detail,
        StatusCode.DeadlineExceeded => "the service did not answer in time: allow more with --timeout, or cap the cost",
        _ => $"the service refused with {status.StatusCode}: {status.Detail}",
    };
}
