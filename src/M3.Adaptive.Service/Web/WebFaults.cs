using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Web;

/// <summary>What callers of the web port are told of exceptions: the same as over gRPC, in HTTP's terms.</summary>
internal sealed class WebFaults(CallFaults faults, WebLimits limits)
{
    public WebError ErrorOf(Exception fault, HttpContext context) => fault switch
    {
        WebErrorException known => known.Error,
        RefusedException refused => WebError.Of(refused.Refusal),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new WebError(
            StatusCodes.Status413PayloadTooLarge, $"The request has more than {limits.MaxRequestBytes} bytes: send a smaller picture.", "request_too_large"),
        BadHttpRequestException bad => new WebError(bad.StatusCode, bad.Message, "unreadable_request"),
        _ => WebError.Of(faults.RefusalOf(fault, new CallEnd(context.Request.Path, Deadline: DateTime.MaxValue, context.RequestAborted))),
    };
}

/// <param name="MaxRequestBytes">Bytes of one request's body at most.</param>
internal sealed record WebLimits(long MaxRequestBytes);

/// <summary>Ends a request of the web port.</summary>
internal sealed class WebErrorException(WebError error) : Exception(error.Message)
{
    public WebError Error => error;
}
