using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_PartsWithBarriers_NoneBeginsBeforeAllHaveEndedTheLast(int threads)
    {
        using var pool = new WorkerPool(threads);
        var work = new Parts(pool, 50);

        for (var job = 1; job <= 40; job++)
        {
            pool.Run(work);

            Assert.Equal(job * threads * 50, work.Done);
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

    private sealed class Parts(WorkerPool pool, int count) : ISharedWork
    {
        private int _done;

        public int Done => _done;

        public bool Overtaken { get; private set; }

        public void Run(int worker)
        {
            var before = Volatile.Read(ref _done) / (pool.Count * count) * pool.Count * count;
            for (var part = 1; part <= count; part++)
            {
                Interlocked.Increment(ref _done);
                pool.Meet();
                if (Volatile.Read(ref _done) < before + (part * pool.Count)) Overtaken = true;
                pool.Meet();
            }
        }
    }
}
