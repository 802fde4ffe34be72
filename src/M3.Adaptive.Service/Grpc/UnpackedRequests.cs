using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using M3.Adaptive.Service.Admission;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Counts a request by what it was unpacked to, where that is more than what was sent: a picture's gzip may be a thousandth of it.</summary>
internal sealed class UnpackedRequests : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Count(request, context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Count(request, context);
        return continuation(request, responseStream, context);
    }

    private static void Count<TRequest>(TRequest request, ServerCallContext context)
    {
        var share = context.GetHttpContext().Features.GetRequiredFeature<RequestMemory.Share>();
        if (request is IMessage message && !share.TryHoldAtLeast(message.CalculateSize())) throw CallFaults.Full();
    }
}
