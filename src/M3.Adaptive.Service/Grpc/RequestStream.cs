using Grpc.Core;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// A call's requests. What the library throws when it cannot read one does not say whose fault that is: after the call's end it is a
/// cancellation, before that the request itself is wrong.
/// </summary>
internal sealed class RequestStream<T>(IAsyncStreamReader<T> requests, ServerCallContext context) : IAsyncStreamReader<T>
{
    public T Current => requests.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            return await requests.MoveNext(cancellationToken);
        }
        catch (Exception exception) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call has ended.", exception, context.CancellationToken);
        }
        catch (Exception exception) when (CallFaults.IsUnreadable(exception))
        {
            throw CallFaults.Unreadable.ToException();
        }
    }
}
