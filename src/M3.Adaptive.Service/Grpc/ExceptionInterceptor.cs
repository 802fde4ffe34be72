using Grpc.Core;
using Grpc.Core.Interceptors;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Grpc;

/// <summary>The one place where exceptions become statuses. What is our own fault gets an id that the log explains, and no details.</summary>
internal sealed class ExceptionInterceptor(TimeProvider clock, ILogger<ExceptionInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw StatusOf(exception, context);
        }
    }

    private RpcException StatusOf(Exception exception, ServerCallContext context) => exception switch
    {
        InvalidRequestException invalid => Refusal.InvalidArgument(invalid.Message, invalid.Faults.Select(fault => (fault.Field, fault.Problem))),
        InvalidImageException => Refusal.InvalidArgument($"image.data: {exception.Message}", ("image.data", exception.Message)),
        ContextLengthException => Refusal.InvalidArgument($"question: {exception.Message}", ("question", exception.Message)),
        ImageNotCachedException => Plain(StatusCode.NotFound, exception.Message),
        OverloadedException => Refusal.RetryAfter(exception.Message, RetryDelay),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Ended(context),
        _ => Internal(exception, context),
    };

    // The caller has left, or its deadline has passed: both fire the same token.
    private RpcException Ended(ServerCallContext context) => context.Deadline <= clock.GetUtcNow().UtcDateTime
        ? Plain(StatusCode.DeadlineExceeded, "The call's deadline passed before the answer was complete.")
        : Plain(StatusCode.Cancelled, "The caller cancelled.");

    private RpcException Internal(Exception exception, ServerCallContext context)
    {
        var id = Guid.NewGuid();
        ServiceLog.Internal(logger, exception, id, context.Method);
        return Plain(StatusCode.Internal, $"Internal error {id}: the server's log has the details.");
    }

    private static RpcException Plain(StatusCode code, string message) => new(new Status(code, message));
}
