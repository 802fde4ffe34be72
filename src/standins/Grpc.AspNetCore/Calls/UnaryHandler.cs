using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One request, one answer.</summary>
internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler, ServiceSettings settings)
    : ServerCallHandler(method, settings)
    where TRequest : class where TResponse : class
{
    protected override async Task InvokeAsync(ServerCall call)
    {
        var request = await call.Reader.ReadSingleAsync(method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        var response = await handler(request, call).ConfigureAwait(false);
        call.EndWithMessage(response ?? throw NoMessage(), method.ResponseMarshaller.ContextualSerializer);
    }

    public static RpcException NoMessage() => new(new Status(StatusCode.Cancelled, "No message returned from method."));
}
