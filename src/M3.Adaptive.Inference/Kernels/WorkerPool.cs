using System.Diagnostics;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// Work that some threads do together. A worker may come late or not at all, when others want its core: whoever is there does what is left
/// (<see cref="PhaseBoard"/>).
/// </summary>
internal interface ISharedWork
{
    /// <param name="worker">0 for the caller's thread, then 1, 2, ...; must not throw.</param>
    void Run(int worker);
}

/// <summary>
/// A few threads that help the caller's thread with one job at a time. Between jobs they spin for a moment, as the next decoding step comes soon,
/// then sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int Open = 1, Inside = 2;                                       // of the state: a flag, and the unit of its count
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 50; // about what falling asleep and waking up costs

    private readonly Lock _gate = new();
    private readonly object _asleep = new();
    private readonly Thread[] _threads;
    private ISharedWork? _work;
    private int _state, _sleepers;
    private volatile int _job;
    private volatile bool _ending;

    /// <param name="threads">The caller's among them.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Count = threads;
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"kernel {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Count { get; }

    /// <summary>Runs a job on the caller's thread, helped by the others, and returns when nobody works at it any more.</summary>
    public void Run(ISharedWork work)
    {
        lock (_gate)
        {
            _work = work;
            Interlocked.Or(ref _state, Open);
            Announce();
            work.Run(0);
            Interlocked.And(ref _state, ~Open);
            var spin = new SpinWait();
            while (Volatile.Read(ref _state) != 0) spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Shares a range out in blocks, and returns when all of it is done.</summary>
    /// <param name="body">Called with worker, first and end; must not throw.</param>
    public void ForEach(int count, int block, Action<int, int, int> body) => Run(new Range(count, block, body));

    public void Dispose()
    {
        if (_ending) return;
        _ending = true;
        Announce();
        foreach (var thread in _threads) thread.Join();
    }

    private void Announce()
    {
        _job++;
        Interlocked.MemoryBarrier();                                              // the job is seen before sleepers are looked for
        if (Volatile.Read(ref _sleepers) == 0) return;
        lock (_asleep) Monitor.PulseAll(_asleep);
    }

    private void Loop(int worker)
    {
        var last = 0;
        while (true)
        {
            AwaitJobAfter(last);
            if (_ending) return;
            last = _job;
            if (!TryEnter()) continue;
            _work!.Run(worker);                                                   // the state was open: there is one
            Interlocked.Add(ref _state, -Inside);
        }
    }

    private void AwaitJobAfter(int last)
    {
        var start = Stopwatch.GetTimestamp();
        while (_job == last)
        {
            Thread.SpinWait(10);
            if (Stopwatch.GetTimestamp() - start < SpinTicks) continue;
            lock (_asleep)
            {
                Interlocked.Increment(ref _sleepers);
                while (_job == last) Monitor.Wait(_asleep);
                Interlocked.Decrement(ref _sleepers);
            }
        }
    }

    // The caller waits for those inside, and nobody comes in once it has closed the job.
    private bool TryEnter()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if ((state & Open) == 0) return false;
            if (Interlocked.CompareExchange(ref _state, state + Inside, state) == state) return true;
        }
    }

    private sealed class Range(int count, int block, Action<int, int, int> body) : ISharedWork
    {
        private int _taken;

        public void Run(int worker)
        {
            for (int from; (from = Interlocked.Add(ref _taken, block) - block) < count;) body(worker, from, Math.Min(count, from + block));
        }
    }
}
