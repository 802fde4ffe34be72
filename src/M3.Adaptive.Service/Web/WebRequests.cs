using System.Net;
using M3.Adaptive.Core;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Web;

/// <summary>
/// What every request of the web port is given: a limit of its size, headers that keep browsers from running what is not ours, and an answer in JSON where it fails.
/// </summary>
internal sealed class WebRequests(RequestDelegate next, WebFaults faults, WebLimits limits, IKeyRing keys)
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
            if (IsByAName(context) && !await keys.AnyAsync(context.RequestAborted)) throw new WebErrorException(NameOfAnother(context.Request.Host.Host));
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null }) await Bare(context).WriteToAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has left: nobody is there to be told.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await faults.ErrorOf(fault, context).WriteToAsync(context);
        }
    }

    // A page of another site could have this machine's browser ask on its user's behalf, or lie about where it comes from.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority == request.Host.Value);

    // A page can have its own name lead to this machine, and is then of this site in its browser's eyes: as long as no key keeps it out, names are not taken.
    private static bool IsByAName(HttpContext context) =>
        context.Connection.LocalIpAddress is { } own && IPAddress.IsLoopback(own)
        && !(context.Request.Host.Host is "localhost" || IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out _));

    private static WebError NameOfAnother(string name) => new(
        StatusCodes.Status403Forbidden, $"This server does not answer to the name '{name}' until a key has been made: reach it as localhost or by its address, or make a key.", "unknown_host");

    private static WebError AnotherSite => new(
        StatusCodes.Status403Forbidden, "Pages of other sites are not served: a proxy must pass on the Host header as it came.", "another_site");

    private static WebError Bare(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new WebError(404, $"There is nothing at {context.Request.Method} {context.Request.Path}.", "not_found"),
        StatusCodes.Status405MethodNotAllowed => new WebError(405, $"{context.Request.Path} does not take {context.Request.Method}.", "method_not_allowed"),
        var status => new WebError(status, $"The request was refused with status {status}.", "refused"),
    };
}
