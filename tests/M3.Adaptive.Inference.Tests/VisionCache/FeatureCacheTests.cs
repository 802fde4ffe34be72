using M3.Adaptive.Core;
using M3.Adaptive.Inference.VisionCache;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.VisionCache;

public sealed class FeatureCacheTests
{
    private const long BytesEach = (576 * 2 * sizeof(float)) + (9 * 2 * sizeof(float));

    [Fact]
    public void TryHold_NeverAdded_IsFalse()
    {
        using var cache = new FeatureCache(maxBytes: BytesEach, maxImages: 1);

        Assert.False(cache.TryHold(Hash(1), out _));
    }

    [Fact]
    public void TryHold_Added_GivesTheSameFeatures()
    {
        using var cache = new FeatureCache(maxBytes: 2 * BytesEach, maxImages: 9);
        var features = Add(cache, 1);

        Assert.True(cache.TryHold(Hash(1), out var found));

        Assert.Same(features, found);
        cache.CheckIntegrity();
    }

    [Theory]
    [InlineData(2 * BytesEach, 9)]
    [InlineData(9 * BytesEach, 2)]
    public void Add_BeyondTheLimit_TheLeastRecentlyUsedLeaves(long maxBytes, int maxImages)
    {
        using var cache = new FeatureCache(maxBytes, maxImages);
        var (first, second) = (Add(cache, 1), Add(cache, 2));
        cache.Release(first);
        cache.Release(second);
        Assert.True(cache.TryHold(Hash(1), out _));                               // used: the second is now the oldest

        Add(cache, 3);

        Assert.False(cache.TryHold(Hash(2), out _));
        Assert.True(cache.TryHold(Hash(1), out _));
        Assert.Equal((2, 2), (cache.Count, cache.LiveCount));
        Assert.True(second.Projected.IsInvalid);
        cache.CheckIntegrity();
    }

    [Fact]
    public void Add_EvictsAHeldImage_ItLivesUntilItsLastHolderLetsGo()
    {
        using var cache = new FeatureCache(maxBytes: BytesEach, maxImages: 9);
        var first = Add(cache, 1);
        cache.Hold(first);

        var second = Add(cache, 2);

        Assert.Equal((1, 2), (cache.Count, cache.LiveCount));
        cache.Release(first);
        Assert.False(first.Projected.IsInvalid);
        cache.Release(first);
        Assert.True(first.Projected.IsInvalid);
        Assert.Equal(1, cache.LiveCount);
        cache.Release(second);
        cache.CheckIntegrity();
    }

    [Fact]
    public void Add_LargerThanTheCache_IsHeldButNotKept()
    {
        using var cache = new FeatureCache(maxBytes: BytesEach - 1, maxImages: 9);

        var features = Add(cache, 1);

        Assert.Equal((0, 1), (cache.Count, cache.LiveCount));
        cache.Release(features);
        Assert.Equal(0, cache.LiveCount);
        cache.CheckIntegrity();
    }

    [Fact]
    public void Hold_FreedFeatures_IsRefused()
    {
        using var cache = new FeatureCache(maxBytes: 0, maxImages: 0);
        var features = Add(cache, 1);
        cache.Release(features);

        Assert.Throws<ObjectDisposedException>(() => cache.Hold(features));
    }

    [Fact]
    public void Release_OneTooMany_FailsTheIntegrityCheck()
    {
        using var cache = new FeatureCache(maxBytes: BytesEach, maxImages: 9);
        var features = Add(cache, 1);
        cache.Release(features);

        cache.Release(features);

        Assert.Throws<InvalidOperationException>(cache.CheckIntegrity);
    }

    [Fact]
    public void Dispose_ImageStillHeld_FreesItWithItsHolder()
    {
        var cache = new FeatureCache(maxBytes: 2 * BytesEach, maxImages: 9);
        var (held, free) = (Add(cache, 1), Add(cache, 2));
        cache.Release(free);

        cache.Dispose();

        Assert.True(free.Projected.IsInvalid);
        Assert.False(held.Projected.IsInvalid);
        cache.Release(held);
        Assert.True(held.Projected.IsInvalid);
        Assert.Equal(0, cache.LiveCount);
    }

    [Fact]
    public async Task TryHoldAndRelease_ManyThreads_KeepTheBooks()
    {
        using var cache = new FeatureCache(maxBytes: 4 * BytesEach, maxImages: 9);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 500; i++)
            {
                var own = (worker * 1000) + random.Next(6);                       // as on the model thread, no image is added twice at once
                var features = cache.TryHold(Hash(own), out var found) ? found : Add(cache, own);
                Assert.False(features.Projected.IsInvalid);
                cache.Release(features);
            }
        })));

        cache.CheckIntegrity();
        Assert.Equal(cache.Count, cache.LiveCount);
    }

    private static ImageHash Hash(int image) => ImageHash.Of(BitConverter.GetBytes(image));

    private static ImageFeatures Add(FeatureCache cache, int image)
    {
        var features = new ImageFeatures(Hash(image), torch.zeros(1, 576, 2), new ImageEvidence(new float[5], new float[18], 2));
        cache.Add(features);
        return features;
    }
}
