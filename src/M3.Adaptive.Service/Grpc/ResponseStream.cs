using Grpc.Core;

namespace M3.Adaptive.Service.Grpc;

/// <summary>A call's responses. A response that comes after the call's end, when nobody waits for it, is a cancellation and no fault.</summary>
internal sealed class ResponseStream<T>(IServerStreamWriter<T> responses, ServerCallContext context) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => responses.WriteOptions;
        set => responses.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            await responses.WriteAsync(message, cancellationToken);
        }
        catch (Exception exception) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call has ended.", exception, context.CancellationToken);
        }
    }
}
