using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace M3.Adaptive.Service.Refusals;

/// <summary>How a call is refused: a status, and details that a program can act on.</summary>
/// <param name="Reason">One constant word for the kind of refusal, as <c>google.rpc.ErrorInfo</c> has it.</param>
/// <param name="Message">For people: the fault and the remedy.</param>
internal sealed record Refusal(StatusCode Code, string Reason, string Message)
{
    /// <summary>What every gRPC response calls itself.</summary>
    public const string ContentType = "application/grpc";

    /// <summary>Whose reasons these are.</summary>
    public const string Domain = "m3.adaptive";

    /// <summary>Name of the trailer that holds the details.</summary>
    public const string Trailer = "grpc-status-details-bin";

    /// <summary>When to try again where nothing says more.</summary>
    public static TimeSpan RetryDelay { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How calls are refused while the store is out of reach. Where it lies is the operator's business.</summary>
    public static Refusal StoreUnavailable { get; } = new Refusal(
        StatusCode.Unavailable, "STORE_UNAVAILABLE", "The server cannot keep decisions now, so it answers nothing: try again later.").RetryAfter(RetryDelay);

    /// <summary>What there is beside the reason.</summary>
    public IReadOnlyList<IMessage> Details { get; init; } = [];

    /// <summary>What went wrong in the server itself, which is never sent; null where the caller is refused.</summary>
    public Exception? Fault { get; init; }

    /// <summary>The trailer's text in a response that has no message.</summary>
    public string Header => Convert.ToBase64String(ToStatus().ToByteArray()).TrimEnd('=');

    public Refusal With(IMessage detail) => this with { Details = [.. Details, detail] };

    /// <summary>Says when trying again may help.</summary>
    public Refusal RetryAfter(TimeSpan delay) => With(new RetryInfo { RetryDelay = delay.ToDuration() });

    public RefusedException ToException() => new(this);

    /// <summary>
    /// Ends a call that has not been answered at all. A bare HTTP status would not do: of a 429 gRPC clients make UNAVAILABLE, and none carries details.
    /// The message must be plain ASCII without a percent sign, so that nothing in it needs escaping.
    /// </summary>
    public Task WriteToAsync(HttpContext context)
    {
        if (context.Features.Get<IRefusalForm>() is { } form) return form.WriteAsync(context, this);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        context.Response.Headers.GrpcStatus = $"{(int)Code}";
        context.Response.Headers.GrpcMessage = Message;
        context.Response.Headers[Trailer] = Header;
        return Task.CompletedTask;
    }

    public Status ToStatus() => new()
    {
        Code = (int)Code,
        Message = Message,
        Details = { Any.Pack(new ErrorInfo { Reason = Reason, Domain = Domain }), Details.Select(Any.Pack) },
    };
}
