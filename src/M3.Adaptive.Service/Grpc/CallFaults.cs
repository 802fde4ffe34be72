using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Limits;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Grpc;

/// <summary>The one place where exceptions become statuses. What is our own fault gets an id that the log explains, and nothing of its story.</summary>
internal sealed class CallFaults(TimeProvider clock, ILogger<CallFaults> logger)
{
    /// <summary>How a call is refused whose request cannot be read.</summary>
    public static Refusal Unreadable { get; } = new(StatusCode.InvalidArgument, "UNREADABLE_REQUEST", "The request is no message of this method.");

    /// <summary>
    /// Whether <paramref name="exception"/>, thrown by the library while it read a request, says that the request's bytes are wrong: no
    /// message, no compression, or a frame that is cut short, which it calls INTERNAL.
    /// </summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is IOException or InvalidDataException or RpcException { StatusCode: StatusCode.Internal };

    /// <summary>Ends a call whose request has no room beside those that are in flight.</summary>
    public static RpcException Full() => RetryLater(
        StatusCode.ResourceExhausted, "MEMORY_FULL", "The requests in flight hold all the memory that there is for them: try again later.", Refusal.RetryDelay).ToException();

    /// <summary>The status of a call or of a batch's request that <paramref name="exception"/> ended, with the path so far where routing had begun.</summary>
    public RpcException StatusOf(Exception exception, ServerCallContext context) => exception as RpcException ?? RefusalOf(exception, new CallEnd(context.Method, context.Deadline, context.CancellationToken)).ToException();

    /// <summary>What the caller is told of <paramref name="exception"/>, which ended a call.</summary>
    public Refusal RefusalOf(Exception exception, CallEnd call) => exception switch
    {
        RouteInterruptedException interrupted => RefusalOf(interrupted.Cause, call).With(ReplyMapping.ToDetail(interrupted.Route)),
        InvalidRequestException invalid => Invalid("INVALID_REQUEST", invalid.Message, invalid.Faults.Select(fault => (fault.Field, fault.Problem))),
        InvalidImageException => Invalid("UNREADABLE_IMAGE", $"image.data: {exception.Message}", ("image.data", exception.Message)),
        ContextLengthException => Invalid("PROMPT_TOO_LONG", $"question: {exception.Message}", ("question", exception.Message)),
        ImageNotCachedException forgotten => new Refusal(StatusCode.NotFound, "IMAGE_NOT_CACHED", exception.Message)
            .With(new ResourceInfo { ResourceType = "image", ResourceName = forgotten.Hash.Value, Description = exception.Message }),
        RequestIdReusedException reused => new Refusal(StatusCode.AlreadyExists, "REQUEST_ID_REUSED", exception.Message)
            .With(new ResourceInfo { ResourceType = "request", ResourceName = reused.RequestId, Description = exception.Message }),
        DecisionNotFoundException unknown => new Refusal(StatusCode.NotFound, "DECISION_NOT_FOUND", exception.Message)
            .With(new ResourceInfo { ResourceType = "decision", ResourceName = unknown.Id.ToString(), Description = exception.Message }),
        TooLargeException => new Refusal(StatusCode.ResourceExhausted, "TOO_LARGE", exception.Message),
        ScaleRateException rate => RetryLater(StatusCode.ResourceExhausted, "VISUAL_TOKEN_RATE", rate.Message, rate.RetryAfter),
        OverloadedException full => RetryLater(StatusCode.ResourceExhausted, "OVERLOADED", full.Message, full.RetryAfter),
        RegistryException refused => OfRegistry(refused),
        StoreUnavailableException => Refusal.StoreUnavailable,
        BudgetExhaustedException exhausted => Exhausted(exhausted),
        OperationCanceledException when call.Cancellation.IsCancellationRequested => Ended(call),
        _ => Internal(exception, call.Method),
    };

    /// <summary>Logs a fault of ours and tells the caller nothing but under which id.</summary>
    public Refusal Internal(Exception exception, string method)
    {
        var id = Guid.NewGuid();
        ServiceLog.Internal(logger, exception, id, method);
        return new Refusal(StatusCode.Internal, "INTERNAL", $"Internal error {id}: the server's log has the details.") { Fault = exception }
            .With(new RequestInfo { RequestId = id.ToString() });
    }

    // The caller has left, or its deadline has passed: both fire the same token.
    private Refusal Ended(CallEnd call) => call.Deadline <= clock.GetUtcNow().UtcDateTime
        ? new(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "The call's deadline passed before the answer was complete.")
        : new(StatusCode.Cancelled, "CANCELLED", "The caller cancelled.");

    // The quota that failed, and when to come back: soon where running requests may give something back, else at the next window.
    private Refusal Exhausted(BudgetExhaustedException exhausted)
    {
        var balance = exhausted.Shortage.Balance;
        var delay = exhausted.IsHeld ? Refusal.RetryDelay : balance.WindowEnd - clock.GetUtcNow();
        return RetryLater(StatusCode.ResourceExhausted, "BUDGET_EXHAUSTED", exhausted.Message, delay > TimeSpan.Zero ? delay : Refusal.RetryDelay).With(new QuotaFailure
        {
            Violations = { new QuotaFailure.Types.Violation { Subject = $"tenant:{balance.Budget.Tenant}", Description = exhausted.Message } },
        });
    }

    // What lies where on the server's disk stays in its log.
    private Refusal OfRegistry(RegistryException refused)
    {
        if (refused.Fault is RegistryFault.Unusable or RegistryFault.Unavailable) ServiceLog.RegistryRefused(logger, refused.Message);
        return refused.Fault switch
        {
            RegistryFault.NoSuchVersion => new Refusal(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", refused.Message)
                .With(new ResourceInfo { ResourceType = "predictor", Description = refused.Message }),
            RegistryFault.GateNotPassed => new(StatusCode.FailedPrecondition, "GATE_NOT_PASSED", refused.Message),
            RegistryFault.NothingToRollBack => new(StatusCode.FailedPrecondition, "NOTHING_TO_ROLL_BACK", refused.Message),
            RegistryFault.Invalid => new(StatusCode.InvalidArgument, "INVALID_REQUEST", refused.Message),
            RegistryFault.Unusable => new(StatusCode.FailedPrecondition, "PREDICTOR_UNUSABLE", "The version's files are damaged, or for another model: the server's log has the details."),
            _ => new(StatusCode.Unavailable, "REGISTRY_UNAVAILABLE", "The registry of predictors cannot be read or written now: the server's log has the details."),
        };
    }

    private static Refusal Invalid(string reason, string message, params IEnumerable<(string Field, string Problem)> faults) =>
        new Refusal(StatusCode.InvalidArgument, reason, message).With(new BadRequest
        {
            FieldViolations = { faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Problem }) },
        });

    private static Refusal RetryLater(StatusCode code, string reason, string message, TimeSpan delay) =>
        new Refusal(code, reason, message).With(new RetryInfo { RetryDelay = delay.ToDuration() });
}

/// <summary>What may have ended a call beside a fault.</summary>
/// <param name="Method">What was called, for the log.</param>
/// <param name="Deadline">In UTC; <see cref="DateTime.MaxValue"/> is none.</param>
/// <param name="Cancellation">Fires when the caller leaves or the deadline passes.</param>
internal readonly record struct CallEnd(string Method, DateTime Deadline, CancellationToken Cancellation);
