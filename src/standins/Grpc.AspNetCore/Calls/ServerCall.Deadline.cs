using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed partial class ServerCall
{
    private const int NoError = 0; // of HTTP/2
    private const int Cancel = 8;

    // The longest a timer can wait; later deadlines are reached in several steps.
    private static readonly TimeSpan MaxTimerStep = TimeSpan.FromDays(24);

    // How long the deadline's trailers may wait behind messages that the client does not read.
    private static readonly TimeSpan DeliveryGrace = TimeSpan.FromMilliseconds(500);

    private TimeSpan _timeout = Timeout.InfiniteTimeSpan;
    private DateTime _deadline = DateTime.MaxValue;
    private ITimer? _timer;
    private CancellationTokenSource? _cancellation; // made only for handlers that look at the token
    private TaskCompletionSource? _lateEnd;         // set by the timer once it has taken the end upon itself

    protected override DateTime DeadlineCore => _deadline;

    protected override CancellationToken CancellationTokenCore
    {
        get
        {
            if (_deadline == DateTime.MaxValue) return http.RequestAborted;
            lock (_gate)
            {
                if (_cancellation is null)
                {
                    _cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                    if (_lateEnd is not null) _cancellation.Cancel();
                }

                return _cancellation.Token;
            }
        }
    }

    /// <summary>Starts the deadline's timer; false if it has passed already and the call has been ended.</summary>
    public bool StartDeadline()
    {
        if (One(http.Request.Headers.GrpcTimeout) is not { } text || !GrpcTimeout.TryParse(text, out _timeout)) return true;
        _deadline = settings.Time.GetUtcNow().UtcDateTime + _timeout;
        if (_timeout == TimeSpan.Zero)
        {
            if (TryEnd()) WriteStatus(Late, null);
            return false;
        }

        _timer = settings.Time.CreateTimer(
            static call => ((ServerCall)call!).OnTimer(), this, _timeout < MaxTimerStep ? _timeout : MaxTimerStep, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Waits until nobody touches the response any more and frees what the deadline held.</summary>
    public ValueTask FinishAsync() => _timer is null ? ValueTask.CompletedTask : FinishDeadlineAsync(_timer);

    private static Status Late => new(StatusCode.DeadlineExceeded, "Deadline exceeded.");

    private async ValueTask FinishDeadlineAsync(ITimer timer)
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        if (_lateEnd is not null) await _lateEnd.Task.ConfigureAwait(false);
        _cancellation?.Dispose();
    }

    private void OnTimer()
    {
        var rest = _deadline - settings.Time.GetUtcNow().UtcDateTime;
        if (_timeout > MaxTimerStep && rest > TimeSpan.Zero)
        {
            _timer?.Change(rest < MaxTimerStep ? rest : MaxTimerStep, Timeout.InfiniteTimeSpan);
            return;
        }

        lock (_gate)
        {
            if (_ended) return; // the handler was first
            _ended = true;
            _lateEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ServerLog.DeadlinePassed(settings.Logger, method.FullName, _timeout);
        _ = EndLateAsync(_lateEnd);
    }

    /// <summary>
    /// Sends the status while the handler may still run, then lets the handler know. The reset stops a client that still
    /// sends; with another code than NO_ERROR it could overtake the trailers.
    /// </summary>
    private async Task EndLateAsync(TaskCompletionSource done)
    {
        var reset = http.Features.Get<IHttpResetFeature>();
        try
        {
            WriteStatus(Late, null); // the handler's own trailers may be changing at this moment
            await http.Response.CompleteAsync().WaitAsync(DeliveryGrace, settings.Time).ConfigureAwait(false);
            reset?.Reset(NoError);
        }
        catch (Exception exception) // the client reads nothing or is gone: there is nobody to tell
        {
            ServerLog.DeadlineNotDelivered(settings.Logger, method.FullName, exception);
            reset?.Reset(Cancel);
        }

        try
        {
            CancellationTokenSource? cancellation;
            lock (_gate) cancellation = _cancellation;
            cancellation?.Cancel();
        }
        catch (AggregateException exception) // from callbacks of the handler's
        {
            ServerLog.CancellationCallbackFailed(settings.Logger, method.FullName, exception);
        }

        done.SetResult();
    }
}
