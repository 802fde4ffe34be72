using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One request, many answers.</summary>
internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler, ServiceSettings settings)
    : ServerCallHandler(method, settings)
    where TRequest : class where TResponse : class
{
    protected override async Task InvokeAsync(ServerCall call)
    {
        var request = await call.Reader.ReadSingleAsync(method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        await handler(request, new ResponseStream<TResponse>(call, method.ResponseMarshaller), call).ConfigureAwait(false);
        await call.EndAsync().ConfigureAwait(false);
    }
}
