using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Refusals;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Web;

/// <summary>
/// What every request of the web port is given: a limit of its size, headers that keep browsers from running what is not ours, and an answer in JSON where it fails.
/// </summary>
internal sealed class WebRequests(RequestDelegate next, CallFaults faults, WebLimits limits)
{
    // Styles within pages are what the components of ours need; nothing comes from anywhere else.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limits.MaxRequestBytes;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (IsOfAnotherSite(context.Request))
        {
            await AnotherSite.WriteToAsync(context);
            return;
        }

        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null }) await Bare(context).WriteToAsync(context);
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await ErrorOf(fault, context).WriteToAsync(context);
        }
    }

    private WebError ErrorOf(Exception fault, HttpContext context) => fault switch
    {
        RefusedException refused => WebError.Of(refused.Refusal),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new WebError(
            StatusCodes.Status413PayloadTooLarge, $"The request has more than {limits.MaxRequestBytes} bytes: send a smaller picture.", "request_too_large"),
        BadHttpRequestException bad => new WebError(bad.StatusCode, bad.Message, "unreadable_request"),
        _ => WebError.Of(faults.RefusalOf(fault, new CallEnd(context.Request.Path, Deadline: DateTime.MaxValue, context.RequestAborted))),
    };

    // A page of another site could have this machine's browser ask on its user's behalf, or lie about where it comes from.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority == request.Host.Value);

    private static WebError AnotherSite => new(
        StatusCodes.Status403Forbidden, "Pages of other sites are not served: a proxy must pass on the Host header as it came.", "another_site");

    private static WebError Bare(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new WebError(404, $"There is nothing at {context.Request.Method} {context.Request.Path}.", "not_found"),
        StatusCodes.Status405MethodNotAllowed => new WebError(405, $"{context.Request.Path} does not take {context.Request.Method}.", "method_not_allowed"),
        var status => new WebError(status, $"The request was refused with status {status}.", "refused"),
    };
}

/// <param name="MaxRequestBytes">Bytes of one request's body at most.</param>
internal sealed record WebLimits(long MaxRequestBytes);
