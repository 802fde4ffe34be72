namespace M3.Adaptive.Service.Retraining;

/// <summary>Lets one retraining of this process run at a time. Safe for concurrent use.</summary>
internal sealed class RetrainingTurn
{
    private int _isTaken;

    /// <summary>Null while another one runs; else the turn, until it is disposed of.</summary>
    public IDisposable? TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0 ? new Turn(this) : null;

    private sealed class Turn(RetrainingTurn turns) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref turns._isTaken, 0);
    }
}
