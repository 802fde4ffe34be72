using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The requests of a streaming call, read one at a time.</summary>
internal sealed class RequestStream<TRequest>(ServerCall call, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest> where TRequest : class
{
    private TRequest? _current;
    private int _reading;
    private bool _atEnd;

    public TRequest Current => _current ?? throw new InvalidOperationException("There is no current message: call MoveNext first.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (call.IsOver) throw new InvalidOperationException("Can't read messages after the request is complete.");
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        try
        {
            if (_atEnd) return false;
            _current = await call.Reader.ReadAsync(marshaller.ContextualDeserializer, cancellationToken).ConfigureAwait(false);
            _atEnd = _current is null;
            return !_atEnd;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
