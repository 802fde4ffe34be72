using Grpc.Core;

namespace M3.Adaptive.Cli.Connection;

/// <summary>What a user is told of a call that the service refused.</summary>
internal static class ServiceFault
{
    // The service names fields of the contract; whoever typed options knows those. The longer of two names comes first.
    private static readonly (string Field, string Option)[] Options =
    [
        ("routing.caps.visual_tokens", "--max-visual-tokens"), ("routing.caps.flops", "--max-flops"),
        ("routing.quality.risk", "--risk"), ("routing.target.mean_visual_tokens", "--target"), ("routing.economy.price_per_visual_token", "--price"), ("routing.fixed.scale", "--scale"),
        ("routing.economy.price_per_gigaflop", "--price-per-gflop"), ("routing.economy.price_per_second", "--price-per-second"),
        ("decoding.max_new_tokens", "--max-new-tokens"), ("max_new_tokens", "--max-new-tokens"),
        ("decoding.temperature", "--temperature"), ("decoding.top_p", "--top-p"), ("decoding.seed", "--seed"), ("decoding.stop", "--stop"),
    ];

    /// <returns>Null for what is no refusal.</returns>
    public static CommandException? Explain(Exception exception) => exception is RpcException refusal
        ? new CommandException(Describe(refusal.Status), IsWrongUse(refusal.StatusCode) ? ExitCode.WrongUse : ExitCode.Failure, refusal)
        : null;

    private static bool IsWrongUse(StatusCode code) =>
        code is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Unimplemented
            or StatusCode.Unauthenticated or StatusCode.PermissionDenied;

    private static string Describe(Status status) => status.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition =>
            Options.Aggregate(status.Detail, static (text, name) => text.Replace(name.Field, name.Option, StringComparison.Ordinal)),
        StatusCode.Unauthenticated => $"the service refused the call: {status.Detail} Give a key with --key or $M3_KEY.",
        StatusCode.DeadlineExceeded => "the service did not answer in time: allow more with --timeout, or cap the cost",
        _ => $"the service refused with {status.StatusCode}: {status.Detail}",
    };
}
