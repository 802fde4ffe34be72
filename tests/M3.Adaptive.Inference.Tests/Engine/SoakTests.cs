using System.Globalization;
using M3.Adaptive.Core;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>Runs alone: it counts what the whole process allocates. <c>M3_SOAK_REQUESTS</c> sets how many requests it sends (3000).</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class SoakTests
{
    private const long ManagedGrowth = 1 << 20, NativeGrowth = 128 << 20;         // bytes; allocators and the collector keep some of what they were given back: 24 MiB of 20,000 requests, once 65 of 3,000 behind other tests

    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("M3_SOAK_REQUESTS") ?? "3000", CultureInfo.InvariantCulture);
    private static readonly string[] Questions = ["what is it?", "12 apples?", "what?", "where is the red dog", "how many"];

    [Fact]
    public async Task GenerateAsync_ManyShortRequests_LeaveNothingBehind()
    {
        using var generator = TinyModel.Generator(new() { Threads = 1, MaxWaiting = 1000, VisionCacheImages = 4, PictureKvBytes = 20_000 });
        await Rounds(1000);
        var (managed, native) = await LiveBytes();

        await Rounds(Requests);

        var (managedAfter, nativeAfter) = await LiveBytes();
        Assert.InRange(managedAfter - managed, long.MinValue, ManagedGrowth);
        Assert.InRange(nativeAfter - native, long.MinValue, NativeGrowth);
        Assert.Equal(0, generator.KvBytesHeld);

        async Task Rounds(int requests)
        {
            var decoding = new DecodingOptions { MaxNewTokens = 3 };
            await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellation) =>
            {
                using var image = await generator.EncodeAsync(TinyModel.Picture(i % 6), cancellation);
                await foreach (var _ in generator.GenerateAsync(new(image, Questions[i % 5], VisualScale.All[i % 4], decoding), cancellation))
                {
                    if (i % 7 == 0) break;                                        // some leave early
                }
            });
        }

        async Task<(long Managed, long Native)> LiveBytes()
        {
            await generator.CheckIntegrityAsync(CancellationToken.None).Soon();   // those that left early have ended
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var managed = GC.GetTotalMemory(forceFullCollection: true);
            return (managed, Environment.WorkingSet - GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes);
        }
    }

    [Fact]
    public async Task GenerateAsync_OneMoreStep_AllocatesLittle()
    {
        using var generator = TinyModel.Generator(new() { Threads = 1 });
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3; attempt++) least = Math.Min(least, await Allocated(400) - await Allocated(100));

        // A token's evidence, its text and what the pass keeps of one row; the answer's text so far is decoded anew at each token, a few hundred characters here:
        // 3,600 to 4,300 bytes in all.
        Assert.InRange(least / 300, 0, 6_000);

        async Task<long> Allocated(int tokens)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var (seed, left) = (0, tokens); left > 0; seed++)
            {
                var decoding = new DecodingOptions { MaxNewTokens = Math.Min(left, 100), Temperature = 2, Seed = seed };
                await foreach (var _ in generator.GenerateAsync(new(image, "what?", VisualScale.Of(1), decoding), CancellationToken.None)) left--;
            }

            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }
}
