using System.CommandLine;
using Grpc.Core;

namespace M3.Adaptive.Cli.Commands;

/// <summary>Runs a command's work and turns what ends it into one line on standard error and an exit code.</summary>
internal static class CommandRunner
{
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task> work) =>
        command.SetAction((parsed, cancellation) => RunAsync(parsed, work, cancellation));

    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(parsed, cancellation);
            return ExitCode.Success;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (CommandException exception)
        {
            Console.Error.WriteLine($"m3: {exception.Message}");
            return exception.Code;
        }
        catch (RpcException exception)
        {
            Console.Error.WriteLine($"m3: {Describe(exception.Status)}");
            return IsWrongUse(exception.StatusCode) ? ExitCode.WrongUse : ExitCode.Failure;
        }
    }

    private static bool IsWrongUse(StatusCode code) =>
        code is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Unimplemented;

    private static string Describe(Status status) => status.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition => status.Detail,
        StatusCode.DeadlineExceeded => "the service did not answer in time: allow more with --timeout, or cap the cost",
        _ => $"the service refused with {status.StatusCode}: {status.Detail}",
    };
}
