using Grpc.Core;
using Grpc.Core.Interceptors;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Gives every exception that ends a method of ours its status, whatever the shape of the call.</summary>
internal sealed class ExceptionInterceptor(CallFaults faults) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        EndAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        EndAsync(context, () => continuation(new RequestStream<TRequest>(requestStream, context), context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        EndAsync(context, () => continuation(request, new ResponseStream<TResponse>(responseStream, context), context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        EndAsync(
            context,
            () => continuation(
                new RequestStream<TRequest>(requestStream, context), new ResponseStream<TResponse>(responseStream, context), context));

    private async Task<T> EndAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw faults.StatusOf(exception, context);
        }
    }

    private async Task EndAsync(ServerCallContext context, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw faults.StatusOf(exception, context);
        }
    }
}
