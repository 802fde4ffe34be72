using System.Diagnostics;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>Work that all threads of a pool do together, meeting at the pool's barrier as often as they like, each equally often.</summary>
internal interface ISharedWork
{
    /// <param name="worker">0 for the caller's thread, then 1, 2, ...; must not throw.</param>
    void Run(int worker);
}

/// <summary>
/// A few threads that run one job together with the caller's thread. Whoever waits spins for a moment, as parts of a job are short, then sleeps,
/// as others may want the core.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 25; // about what going to sleep and waking up costs

    private readonly Lock _gate = new();
    private readonly Thread[] _threads;
    private readonly object _asleep = new();
    private ISharedWork? _work;
    private int _arrived, _sleepers;
    private volatile int _phase;

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

    /// <summary>Runs a job on all threads and returns when all have done their part. One job at a time.</summary>
    public void Run(ISharedWork work)
    {
        lock (_gate)
        {
            _work = work;
            Meet();
            work.Run(0);
            Meet();
        }
    }

    /// <summary>Shares a range out in blocks, and returns when all of it is done.</summary>
    /// <param name="body">Called with worker, first and end; must not throw.</param>
    public void ForEach(int count, int block, Action<int, int, int> body) => Run(new Range(count, block, body));

    /// <summary>Returns when every thread has come here.</summary>
    public void Meet()
    {
        if (Count == 1) return;
        var phase = _phase;
        if (Interlocked.Increment(ref _arrived) == Count)
        {
            _arrived = 0;
            _phase = phase + 1;
            Interlocked.MemoryBarrier();                                          // the phase is seen before sleepers are looked for
            if (Volatile.Read(ref _sleepers) == 0) return;
            lock (_asleep) Monitor.PulseAll(_asleep);
            return;
        }

        var start = Stopwatch.GetTimestamp();
        while (_phase == phase)
        {
            Thread.SpinWait(10);
            if (Stopwatch.GetTimestamp() - start > SpinTicks) Sleep(phase);
        }
    }

    public void Dispose()
    {
        if (_work is Ending) return;
        _work = new Ending();
        Meet();
        foreach (var thread in _threads) thread.Join();
    }

    private void Sleep(int phase)
    {
        lock (_asleep)
        {
            Interlocked.Increment(ref _sleepers);
            while (_phase == phase) Monitor.Wait(_asleep);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void Loop(int worker)
    {
        while (true)
        {
            Meet();                                                               // a job is there
            if (_work is null or Ending) return;
            _work.Run(worker);
            Meet();                                                               // all have done it
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

    private sealed class Ending : ISharedWork
    {
        public void Run(int worker)
        {
        }
    }
}
