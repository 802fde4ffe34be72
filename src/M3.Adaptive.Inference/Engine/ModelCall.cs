namespace M3.Adaptive.Inference.Engine;

/// <summary>A call on its way to the model thread.</summary>
internal abstract class ModelCall
{
    /// <summary>Runs the call unless it was cancelled while it waited; never throws.</summary>
    public abstract void Run();

    /// <summary>Cancels the call if it has not begun.</summary>
    public abstract void Cancel();
}

/// <inheritdoc/>
internal sealed class ModelCall<T> : ModelCall
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<T> _body;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private int _begun;                                                           // 1 once the call runs or was cancelled

    public ModelCall(Func<T> body, CancellationToken cancellation)
    {
        (_body, _cancellation) = (body, cancellation);
        _registration = cancellation.UnsafeRegister(static call => ((ModelCall<T>)call!).Cancel(), this);
    }

    public Task<T> Result => _result.Task;

    public override void Run()
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0) return;
        _registration.Dispose();
        try
        {
            _result.SetResult(_body());
        }
        catch (OperationCanceledException)
        {
            _result.SetCanceled(_cancellation);
        }
        catch (Exception failure)                                                 // whatever it is, the caller gets it and the thread lives on
        {
            _result.SetException(failure);
        }
    }

    public override void Cancel()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0) _result.SetCanceled(_cancellation);
    }
}
