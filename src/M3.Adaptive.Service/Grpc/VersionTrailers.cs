using System.IO.Pipelines;
using System.Text.Json;
using Grpc.Core;
using M3.Adaptive.Contracts;
using M3.Adaptive.Service.Refusals;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// Adds the version trailers to every gRPC response, and a reason to every refusal that comes without details, however the call ends. An interceptor could not: it is not asked about calls that
/// the library itself refuses, and what it adds is lost when a deadline passes.
/// </summary>
internal sealed class VersionTrailers(RequestDelegate next, ServedVersions versions)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType == Refusal.ContentType) AddTo(context.Response);
            return Task.CompletedTask;
        });
        if (context.Request.ContentType?.StartsWith(Refusal.ContentType, StringComparison.Ordinal) is true)
            context.Features.Set<IHttpResponseBodyFeature>(new BodyOfACall(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context));
        return next(context);
    }

    private void AddTo(HttpResponse response)
    {
        // A response without a message has its status, and so all its trailers, in the one block of headers that it consists of.
        var isEnded = response.Headers.GrpcStatus.Count > 0;
        if (isEnded) AddReasonTo(response.Headers, response.HttpContext.Features.Get<RouteProgress>());
        var trailers = isEnded ? response.Headers : response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers[Trailers.ModelVersion] = versions.Model;
        if (versions.Predictor is { } predictor) trailers[Trailers.PredictorVersion] = predictor;
    }

    // What the library itself refuses or ends has a status and a message only: the reason is the status's own name.
    private static void AddReasonTo(IHeaderDictionary headers, RouteProgress? progress)
    {
        if (!int.TryParse(headers.GrpcStatus, out var code) || code == 0 || headers.ContainsKey(Refusal.Trailer)) return;
        var name = JsonNamingPolicy.SnakeCaseUpper.ConvertName(((StatusCode)code).ToString());
        var refusal = new Refusal((StatusCode)code, name, Uri.UnescapeDataString(headers.GrpcMessage.ToString()));
        headers[Refusal.Trailer] = (progress?.SoFar is { } route ? refusal.With(ReplyMapping.ToDetail(route)) : refusal).Header;
    }

    // Where a deadline passes the library completes the response itself: after messages this is the last moment for what its trailers lack.
    private sealed class BodyOfACall(IHttpResponseBodyFeature body, HttpContext context) : IHttpResponseBodyFeature
    {
        public Stream Stream => body.Stream;

        public PipeWriter Writer => body.Writer;

        public void DisableBuffering() => body.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken) => body.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => body.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync()
        {
            if (context.Response.HasStarted && context.Features.Get<IHttpResponseTrailersFeature>() is { Trailers: { IsReadOnly: false } trailers })
                AddReasonTo(trailers, context.Features.Get<RouteProgress>());
            return body.CompleteAsync();
        }
    }
}
