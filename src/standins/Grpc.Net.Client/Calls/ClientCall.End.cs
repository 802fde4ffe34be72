using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.Net.Client.Calls;

internal sealed partial class ClientCall<TRequest, TResponse>
{
    // The longest a timer can wait; the server ends calls with later deadlines.
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(24);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _timeout;
    private ITimer? _timer;
    private CancellationTokenRegistration _callerCancels;
    private CancellationTokenRegistration _channelEnds;
    private bool _finished;
    private Status _status;
    private Metadata? _trailers;

    /// <summary>Ends with the call.</summary>
    public Task Over => _over.Task;

    [MemberNotNullWhen(true, nameof(_trailers))]
    public bool IsOver
    {
        get
        {
            lock (_gate) return _finished && _trailers is not null;
        }
    }

    public Status GetStatus() => IsOver ? _status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() =>
        IsOver ? _trailers : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Dispose() => Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."), []);

    public void CancelByCaller() => Finish(new Status(StatusCode.Cancelled, "Call canceled by the client."), []);

    /// <summary>The exception that the ended call fails with.</summary>
    public Exception Failure()
    {
        var (status, trailers) = (GetStatus(), GetTrailers());
        var rpc = new RpcException(status, trailers);
        return channel.Options.ThrowOperationCanceledOnCancellation && status.StatusCode is (StatusCode.Cancelled or StatusCode.DeadlineExceeded)
            ? new OperationCanceledException(status.Detail, rpc, options.CancellationToken)
            : rpc;
    }

    /// <summary>Starts what can end the call from outside.</summary>
    private void Start()
    {
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            if (deadline.Kind != DateTimeKind.Utc && deadline != DateTime.MinValue)
                throw new RpcException(new Status(StatusCode.Internal, "Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue."));
            var timeout = deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
            if (timeout <= TimeSpan.Zero) Finish(Late, []);
            _timeout = timeout;
        }

        lock (_gate)
        {
            if (_finished) return;
            if (_timeout < MaxTimer)
                _timer = TimeProvider.System.CreateTimer(static call => ((ClientCall<TRequest, TResponse>)call!).Finish(Late, []), this, _timeout.Value, Timeout.InfiniteTimeSpan);
        }

        // Outside the lock: a token that has fired already calls back at once.
        _callerCancels = options.CancellationToken.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).CancelByCaller(), this);
        _channelEnds = channel.Shutdown.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).Dispose(), this);
        if (IsOver) Unregister();
    }

    private static Status Late => new(StatusCode.DeadlineExceeded, "Deadline exceeded.");

    /// <summary>Ends the call as that failure says, if nothing ended it before, and gives the exception to throw.</summary>
    private Exception Fail(Exception exception)
    {
        if (!IsOver) Finish(exception is RpcException rpc ? rpc.Status : ResponseStatus.OfFailure(exception), (exception as RpcException)?.Trailers ?? []);
        return Failure();
    }

    /// <summary>Sets how the call ended; the first to come decides. Gives what was decided.</summary>
    private Status Finish(Status status, Metadata trailers)
    {
        HttpResponseMessage? response;
        lock (_gate)
        {
            if (_finished) return _status;
            (_finished, _status, _trailers, response) = (true, status, trailers, _response);
        }

        Unregister();
        _stop.Cancel();
        _requestStream?.Abandon();
        if (status.StatusCode != StatusCode.OK) response?.Dispose(); // resets the stream if it is still open
        if (_headers.TrySetException(Failure())) _ = _headers.Task.Exception; // nobody has to ask for the headers
        _over.TrySetResult();
        return status;
    }

    private void Unregister()
    {
        _timer?.Dispose();
        _callerCancels.Unregister();
        _channelEnds.Unregister();
    }
}
