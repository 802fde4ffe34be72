using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using Status = Grpc.Core.Status;

namespace M3.Adaptive.Service.Grpc;

/// <summary>The one place where exceptions become statuses. What is our own fault gets an id that the log explains, and no details.</summary>
internal sealed class CallFaults(TimeProvider clock, ILogger<CallFaults> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The status of a call whose request cannot be read.</summary>
    public static Status Unreadable { get; } = new(StatusCode.InvalidArgument, "The request is no message of this method.");

    /// <summary>
    /// Whether <paramref name="exception"/>, thrown by the library while it read a request, says that the request's bytes are wrong: no
    /// message, no compression, or a frame that is cut short, which it calls INTERNAL.
    /// </summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is IOException or InvalidDataException or RpcException { StatusCode: StatusCode.Internal };

    /// <summary>Ends a call whose request has no room beside those that are in flight.</summary>
    public static RpcException Full() => Detailed(
        Code.ResourceExhausted, "The requests in flight hold all the memory that there is for them: try again later.",
        new RetryInfo { RetryDelay = RetryDelay.ToDuration() });

    /// <summary>The status of a call that <paramref name="exception"/> ended.</summary>
    public RpcException StatusOf(Exception exception, ServerCallContext context) => exception switch
    {
        InvalidRequestException invalid => Invalid(invalid.Message, invalid.Faults.Select(fault => (fault.Field, fault.Problem))),
        InvalidImageException => Invalid($"image.data: {exception.Message}", ("image.data", exception.Message)),
        ContextLengthException => Invalid($"question: {exception.Message}", ("question", exception.Message)),
        ImageNotCachedException => Plain(StatusCode.NotFound, exception.Message),
        TooLargeException => Plain(StatusCode.ResourceExhausted, exception.Message),
        OverloadedException full => Detailed(Code.ResourceExhausted, full.Message, new RetryInfo { RetryDelay = full.RetryAfter.ToDuration() }),
        StoreUnavailableException => Plain(StatusCode.Unavailable, "The server cannot keep decisions now, so it answers nothing: try again later."),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Ended(context),
        _ => new RpcException(Internal(exception, context)),
    };

    /// <summary>Logs a fault of ours and tells the caller nothing but under which id.</summary>
    public Status Internal(Exception exception, ServerCallContext context)
    {
        var id = Guid.NewGuid();
        ServiceLog.Internal(logger, exception, id, context.Method);
        return new Status(StatusCode.Internal, $"Internal error {id}: the server's log has the details.", exception);   // itself never sent
    }

    // The caller has left, or its deadline has passed: both fire the same token.
    private RpcException Ended(ServerCallContext context) => context.Deadline <= clock.GetUtcNow().UtcDateTime
        ? Plain(StatusCode.DeadlineExceeded, "The call's deadline passed before the answer was complete.")
        : Plain(StatusCode.Cancelled, "The caller cancelled.");

    private static RpcException Invalid(string message, params IEnumerable<(string Field, string Problem)> faults) =>
        Detailed(Code.InvalidArgument, message, new BadRequest
        {
            FieldViolations = { faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Problem }) },
        });

    private static RpcException Detailed(Code code, string message, IMessage detail) =>
        new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(detail) } }.ToRpcException();

    private static RpcException Plain(StatusCode code, string message) => new(new Status(code, message));
}
