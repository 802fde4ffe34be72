using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The answers of a streaming call, written one at a time.</summary>
internal sealed class ResponseStream<TResponse>(ServerCall call, Marshaller<TResponse> marshaller) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            return Task.FromException(new InvalidOperationException("Can't write the message because the previous write is in progress."));
        try
        {
            var flags = (WriteOptions ?? call.WriteOptions)?.Flags ?? default;
            var write = call.WriteMessageAsync(message, marshaller.ContextualSerializer, flags, cancellationToken);
            if (!write.IsCompletedSuccessfully) return AwaitAsync(write);
            Volatile.Write(ref _writing, 0);
            return Task.CompletedTask;
        }
        catch (Exception exception) // handed to the caller in the task, as an async method does
        {
            Volatile.Write(ref _writing, 0);
            return Task.FromException(exception);
        }
    }

    private async Task AwaitAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
