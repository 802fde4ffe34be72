using System.Collections.Concurrent;
using TorchSharp;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// The one thread that computes with the model's tensors. Others queue calls, which run one at a time in the order they came;
/// a full queue says so at the door instead of letting latency grow.
/// </summary>
internal sealed class ModelThread : IDisposable
{
    private readonly BlockingCollection<ModelCall> _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;

    /// <param name="threads">Threads of one tensor operation.</param>
    /// <param name="maxWaiting">Calls that may wait behind the one that runs.</param>
    public ModelThread(int threads, int maxWaiting)
    {
        _waiting = new BlockingCollection<ModelCall>(maxWaiting);
        _thread = new Thread(() => Loop(threads)) { IsBackground = true, Name = "model" };
        _thread.Start();
    }

    /// <summary>Cancelled when the thread is to end: running calls stop at their next chance.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Queues a call.</summary>
    /// <param name="result">Ends when the call has; cancelled at once when the call has not begun by then.</param>
    /// <returns>False when the queue is full.</returns>
    public bool TryInvoke<T>(Func<T> call, CancellationToken cancellation, out Task<T> result)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        var queued = new ModelCall<T>(call, cancellation);
        result = queued.Result;
        return _waiting.TryAdd(queued);
    }

    /// <summary>Queues a call and waits for its result; for the start, when nobody else calls.</summary>
    public T Invoke<T>(Func<T> call)
    {
        var queued = new ModelCall<T>(call, _stopping.Token);
        _waiting.Add(queued);
        return queued.Result.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Invoke{T}"/>
    public void Invoke(Action call) => Invoke(() =>
    {
        call();
        return true;
    });

    /// <summary>Ends the running call at its next chance, cancels the waiting ones and waits for the thread.</summary>
    public void Dispose()
    {
        if (_stopping.IsCancellationRequested) return;
        _stopping.Cancel();
        _waiting.CompleteAdding();
        _thread.Join();
    }

    private void Loop(int threads)
    {
        torch.set_num_threads(threads);                                           // counts for the calling thread only
        foreach (var call in _waiting.GetConsumingEnumerable())
        {
            if (_stopping.IsCancellationRequested) call.Cancel();
            else call.Run();
        }
    }
}
