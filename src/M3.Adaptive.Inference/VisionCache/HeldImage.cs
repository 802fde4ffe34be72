using M3.Adaptive.Core;

namespace M3.Adaptive.Inference.VisionCache;

/// <summary>A caller's hold on encoded features. Disposing it twice is disposing it once.</summary>
internal sealed class HeldImage(ImageFeatures features, FeatureCache cache, TimeSpan encodeTime) : EncodedImage
{
    private int _released;

    public override ImageHash Hash => features.Hash;

    public override ImageEvidence Evidence => features.Evidence;

    public override TimeSpan EncodeTime => encodeTime;

    /// <summary>Another hold on the same features, which outlives this one.</summary>
    /// <exception cref="ObjectDisposedException">This hold has ended.</exception>
    public HeldImage HoldAgain()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _released) != 0, this);
        cache.Hold(features);
        return new HeldImage(features, cache, encodeTime);
    }

    /// <summary>Whether the features live in this cache.</summary>
    public bool BelongsTo(FeatureCache other) => cache == other;

    /// <summary>For the model thread, while held.</summary>
    public ImageFeatures Features => features;

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) cache.Release(features);
    }
}
