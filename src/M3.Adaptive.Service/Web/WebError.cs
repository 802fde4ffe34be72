using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Web;

/// <summary>A refusal in HTTP's terms, its body in the shape of OpenAI's errors, which their clients read.</summary>
/// <param name="Status">HTTP's status.</param>
/// <param name="Message">For people: the fault and the remedy.</param>
/// <param name="Code">One constant word for the kind of fault.</param>
/// <param name="Param">The request's field at fault, where it is one.</param>
/// <param name="RetryAfter">When trying again may help; null where it does not.</param>
internal sealed record WebError(int Status, string Message, string Code, string? Param = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The same refusal, as it would be told over gRPC.</summary>
    public static WebError Of(Refusal refusal)
    {
        var retryAfter = refusal.Details.OfType<RetryInfo>().FirstOrDefault()?.RetryDelay.ToTimeSpan();
        var field = refusal.Details.OfType<BadRequest>().FirstOrDefault()?.FieldViolations.FirstOrDefault()?.Field;
        return new WebError(StatusOf(refusal.Code, retryAfter is not null), refusal.Message, refusal.Reason.ToLowerInvariant(), field, retryAfter);
    }

    /// <summary>Ends a request that has not been answered at all.</summary>
    public async Task WriteToAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Ceiling(delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        await response.WriteAsJsonAsync(Body, WebJson.Default.ErrorBody, cancellationToken: context.RequestAborted);
    }

    /// <summary>What is sent of it, also within a stream that has begun.</summary>
    public ErrorBody Body => new(new ErrorStory(Message, Type, Param, Code));

    // Google's own table of its codes, where a place that is full for now differs from what will never fit.
    private static int StatusOf(StatusCode code, bool mayBeRetried) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => mayBeRetried ? StatusCodes.Status429TooManyRequests : StatusCodes.Status413PayloadTooLarge,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private string Type => Status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}

/// <param name="Error">What happened.</param>
internal sealed record ErrorBody(ErrorStory Error);

/// <inheritdoc cref="WebError"/>
internal sealed record ErrorStory(string Message, string Type, string? Param, string Code);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class WebJson : JsonSerializerContext;
