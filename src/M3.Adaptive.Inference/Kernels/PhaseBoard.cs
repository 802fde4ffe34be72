namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// Phases of a job, each so many chunks, the next begun when all of one are done. Workers take chunks one by one; nobody waits for a worker that has
/// none. One that comes late finds the chunks of past phases taken and runs through them.
/// </summary>
/// <param name="phases">At most.</param>
internal sealed class PhaseBoard(int phases)
{
    private readonly int[] _taken = new int[phases], _done = new int[phases];

    /// <summary>Begins anew; when nobody works.</summary>
    public void Reset()
    {
        Array.Clear(_taken);
        Array.Clear(_done);
    }

    /// <summary>Takes a chunk that nobody has; false when there is none.</summary>
    public bool TryTake(int phase, int chunks, out int chunk)
    {
        chunk = Volatile.Read(ref _taken[phase]) >= chunks ? chunks : Interlocked.Increment(ref _taken[phase]) - 1;
        return chunk < chunks;
    }

    /// <summary>Tells that a chunk is done, and what was written for it can be read.</summary>
    public void Finish(int phase) => Interlocked.Increment(ref _done[phase]);

    /// <summary>Returns when all chunks of a phase are done; lets others have the core when that takes long.</summary>
    public void Await(int phase, int chunks)
    {
        var spin = 0;
        while (Volatile.Read(ref _done[phase]) < chunks)
        {
            if (++spin < 200) Thread.SpinWait(5);
            else Thread.Yield();
        }
    }
}
