using System.IO.Pipelines;

namespace Grpc.Core.Wire;

/// <summary>Reads messages from a pipe. One read at a time.</summary>
internal sealed class MessageReader(PipeReader pipe, MessageDecoder decoder)
{
    /// <summary>Whether the transport failed: the peer reset the stream or is gone.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next message; null once the peer has ended its side after a whole message.</summary>
    /// <exception cref="RpcException">The bytes are no acceptable message.</exception>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken = default) where T : class
    {
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                var examined = buffer.Start;
                try
                {
                    if (decoder.TryRead(ref buffer, deserializer, out var message))
                    {
                        examined = buffer.Start;
                        return message;
                    }

                    examined = buffer.End; // without this the next read would return at once with the same bytes
                    if (!result.IsCompleted) continue;
                    return buffer.IsEmpty ? null : throw MessageFaults.Truncated();
                }
                finally
                {
                    pipe.AdvanceTo(buffer.Start, examined);
                }
            }
        }
        catch (Exception exception) when (IsFromTransport(exception, cancellationToken))
        {
            IsBroken = true;
            throw;
        }
    }

    /// <summary>The one message of a call, and the end of the stream behind it.</summary>
    /// <exception cref="RpcException">There is none, there are two, or the bytes are no acceptable message.</exception>
    public async ValueTask<T> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer) where T : class
    {
        T? single = null;
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync(CancellationToken.None).ConfigureAwait(false); // a token would cost a registration a call
                var buffer = result.Buffer;
                try
                {
                    if (single is null) decoder.TryRead(ref buffer, deserializer, out single);
                    if (single is not null && !buffer.IsEmpty) throw MessageFaults.Surplus();
                    if (!result.IsCompleted) continue;
                    return single ?? throw (buffer.IsEmpty ? MessageFaults.Missing() : MessageFaults.Truncated());
                }
                finally
                {
                    pipe.AdvanceTo(buffer.Start, buffer.End);
                }
            }
        }
        catch (Exception exception) when (IsFromTransport(exception, CancellationToken.None))
        {
            IsBroken = true;
            throw;
        }
    }

    // Wrong messages are RpcExceptions. A reset shows in reading or, if it came in since, in advancing; it can come together with a cancellation.
    private static bool IsFromTransport(Exception exception, CancellationToken cancellationToken) =>
        exception is not RpcException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);
}
