using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Many requests, many answers.</summary>
internal sealed class DuplexHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler, ServiceSettings settings)
    : ServerCallHandler(method, settings)
    where TRequest : class where TResponse : class
{
    protected override async Task InvokeAsync(ServerCall call)
    {
        var requests = new RequestStream<TRequest>(call, method.RequestMarshaller);
        await handler(requests, new ResponseStream<TResponse>(call, method.ResponseMarshaller), call).ConfigureAwait(false);
        await call.EndAsync().ConfigureAwait(false);
    }
}
