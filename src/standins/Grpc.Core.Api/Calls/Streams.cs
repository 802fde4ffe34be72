namespace Grpc.Core;

/// <summary>The messages that come in. One read at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false once the peer has ended its side.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>The messages that go out. One write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the following writes; null is the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message and ends when it has been handed to the transport.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes one message; the token ends the wait and, as a half-written message cannot be taken back, the call.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled) throw new NotSupportedException("Cancellation of stream writes is not supported by this writer.");
        return WriteAsync(message);
    }
}

/// <summary>A server's answers.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>A client's requests.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the client's side; answers may still come.</summary>
    Task CompleteAsync();
}
