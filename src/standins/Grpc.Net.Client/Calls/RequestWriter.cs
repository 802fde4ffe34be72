using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The requests of a streaming call, written one at a time.</summary>
internal sealed class RequestWriter<TRequest, TResponse>(
    ClientCall<TRequest, TResponse> call, RequestStreamContent content, Method<TRequest, TResponse> method, MessageWriter writer, Compression? encoding)
    : IClientStreamWriter<TRequest>
    where TRequest : class where TResponse : class
{
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        try
        {
            if (_completed) throw new InvalidOperationException("Can't write the message because the request stream is complete.");
            if (call.IsOver) throw CallIsOver();
            await using var registration = cancellationToken.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).CancelByCaller(), call);
            await SendAsync(message).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref _writing) != 0)
            throw new InvalidOperationException("Can't complete the request stream because a write is in progress.");
        _completed = true;
        content.Complete();
        return Task.CompletedTask;
    }

    private async Task SendAsync(TRequest message)
    {
        using var frame = new PooledBuffer();
        var flags = WriteOptions?.Flags ?? default;
        writer.Write(frame, message, method.RequestMarshaller.ContextualSerializer, (flags & WriteFlags.NoCompress) != 0 ? null : encoding);
        try
        {
            var stream = await content.Opened.ConfigureAwait(false);
            await stream.WriteAsync(frame.Written, call.Stopped).ConfigureAwait(false);
            if ((flags & WriteFlags.BufferHint) == 0) await stream.FlushAsync(call.Stopped).ConfigureAwait(false);
        }
        catch (Exception exception) // the transport says only that it stopped; why it did, the response says
        {
            if (method.Type == MethodType.ClientStreaming) await call.Over.ConfigureAwait(false);
            throw call.IsOver ? CallIsOver() : new InvalidOperationException("Can't write the message because the server has ended the call.", exception);
        }
    }

    private Exception CallIsOver() => call.GetStatus().StatusCode == StatusCode.OK
        ? new InvalidOperationException("Can't write the message because the call is complete.")
        : call.Failure();
}
