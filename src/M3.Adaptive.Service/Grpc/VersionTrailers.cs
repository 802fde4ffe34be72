using M3.Adaptive.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// Adds the version trailers to every gRPC response, however the call ends. An interceptor could not: it is not asked about calls that
/// the library itself refuses, and what it adds is lost when a deadline passes.
/// </summary>
internal sealed class VersionTrailers(RequestDelegate next, ServedVersions versions)
{
    /// <summary>What every gRPC response calls itself.</summary>
    public const string ContentType = "application/grpc";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType == ContentType) AddTo(context.Response);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void AddTo(HttpResponse response)
    {
        // A response without a message has its status, and so all its trailers, in the one block of headers that it consists of.
        var trailers = response.Headers.GrpcStatus.Count > 0
            ? response.Headers
            : response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers[Trailers.ModelVersion] = versions.Model;
        if (versions.Predictor is { } predictor) trailers[Trailers.PredictorVersion] = predictor;
    }
}
