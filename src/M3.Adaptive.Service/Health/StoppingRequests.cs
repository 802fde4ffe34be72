using Grpc.Core;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Health;

/// <summary>Refuses what arrives, by either port, once the service has been asked to stop; health is told to the end. So pages whose connection has ended do not begin another one, which would outlast every answer.</summary>
internal sealed class StoppingRequests(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private static readonly Refusal Stopping =
        new Refusal(StatusCode.Unavailable, "STOPPING", "The server is stopping and takes no new requests: ask another one, or this one once it is back.").RetryAfter(Refusal.RetryDelay);

    public Task InvokeAsync(HttpContext context) => lifetime.ApplicationStopping.IsCancellationRequested && context.GetEndpoint()?.Metadata.GetMetadata<ToTheEnd>() is null
        ? Stopping.WriteToAsync(context)
        : next(context);
}

/// <summary>Marks endpoints that answer until the service has ended.</summary>
internal sealed class ToTheEnd
{
    public static ToTheEnd Instance { get; } = new();
}
