using M3.Adaptive.Inference.Scheduling;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// A call in the engine: it waits, begins, and ends once. One that waits may be ended by anybody, and leaves the queue in that moment; one that has
/// begun is ended by the thread that owns the model, between two steps.
/// </summary>
/// <param name="admission">Which let it in.</param>
/// <param name="ticket">What it holds.</param>
internal abstract class EngineCall(Admission admission, Ticket ticket)
{
    private const int Waiting = 0, Begun = 1, Ended = 2;

    private int _state;
    private volatile bool _cancelled;

    /// <summary>In the order of service, smallest first.</summary>
    public double Place => ticket.Place;

    /// <summary>Keys and values that it takes when it begins.</summary>
    public long KvBytes => ticket.KvBytes;

    /// <summary>Whether it has begun and not ended.</summary>
    public bool HasBegun => Volatile.Read(ref _state) == Begun;

    /// <summary>Whether nothing is to be done for it any more.</summary>
    public bool IsOver => _cancelled || Volatile.Read(ref _state) == Ended;

    /// <summary>Leaves the queue; false when it was cancelled before. For the thread that owns the model.</summary>
    public bool TryBegin()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Waiting) != Waiting) return false;
        admission.Begin(ticket);
        return true;
    }

    /// <summary>Ends the call at once when it waits, else at the end of the running step. Without effect on one that has ended.</summary>
    public void Cancel()
    {
        _cancelled = true;
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) == Waiting) Finish(new OperationCanceledException());
    }

    /// <summary>Ends the call, unless it has ended. For the thread that owns the model.</summary>
    /// <param name="fault">What its caller gets; null: it is answered.</param>
    public void End(Exception? fault = null)
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended) Finish(fault);
    }

    /// <summary>Gives back what the call holds and tells its caller; called once.</summary>
    protected abstract void OnEnded(Exception? fault);

    private void Finish(Exception? fault)
    {
        admission.Leave(ticket);
        OnEnded(fault);
    }
}
