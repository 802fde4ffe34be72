using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_PhasesOnABoard_NoneBeginsBeforeTheLastIsDone(int threads)
    {
        using var pool = new WorkerPool(threads);
        var work = new Phases(50);

        for (var job = 0; job < 200; job++)
        {
            work.Reset();
            pool.Run(work);

            Assert.Equal(50 * Phases.Chunks, work.Done);
            Assert.False(work.Overtaken);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 100)]
    public void ForEach_AnyRange_VisitsEachItemOnce(int threads, int block)
    {
        using var pool = new WorkerPool(threads);
        var visits = new int[257];

        pool.ForEach(visits.Length, block, (_, from, end) =>
        {
            for (var i = from; i < end; i++) Interlocked.Increment(ref visits[i]);
        });

        Assert.All(visits, static count => Assert.Equal(1, count));
    }

    private sealed class Phases(int count) : ISharedWork
    {
        public const int Chunks = 7;

        private readonly PhaseBoard _board = new(count);
        private int _done;

        public int Done => _done;

        public bool Overtaken { get; private set; }

        public void Reset()
        {
            _board.Reset();
            _done = 0;
        }

        public void Run(int worker)
        {
            for (var phase = 0; phase < count; phase++)
            {
                for (; _board.TryTake(phase, Chunks, out _); _board.Finish(phase))
                {
                    if (Volatile.Read(ref _done) < phase * Chunks) Overtaken = true;
                    Interlocked.Increment(ref _done);
                }

                _board.Await(phase, Chunks);
            }
        }
    }
}
