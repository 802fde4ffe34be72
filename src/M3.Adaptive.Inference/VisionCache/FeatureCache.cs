using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;

namespace M3.Adaptive.Inference.VisionCache;

/// <summary>
/// Encoded images by hash, the least recently used leaving first. An image that leaves while it is held lives until its last
/// holder lets go. Safe for concurrent use: tensors are only freed here, and only when nobody computes with them.
/// </summary>
/// <param name="maxBytes">Memory that cached features may take; held ones that have left do not count.</param>
/// <param name="maxImages">Images at most.</param>
internal sealed class FeatureCache(long maxBytes, int maxImages) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ImageHash, LinkedListNode<ImageFeatures>> _cached = [];
    private readonly LinkedList<ImageFeatures> _byUse = [];                       // most recently used first
    private readonly HashSet<ImageFeatures> _live = [];                           // not freed: cached, held or both
    private long _bytes;

    /// <summary>Finds an image and holds it; false when it was never here or has left.</summary>
    public bool TryHold(ImageHash hash, [NotNullWhen(true)] out ImageFeatures? features)
    {
        lock (_gate)
        {
            features = null;
            if (!_cached.TryGetValue(hash, out var node)) return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            features = node.Value;
            features.Holders++;
            return true;
        }
    }

    /// <summary>Holds features that the caller knows to be held already.</summary>
    /// <exception cref="ObjectDisposedException">They were freed.</exception>
    public void Hold(ImageFeatures features)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_live.Contains(features), features);
            features.Holders++;
        }
    }

    /// <summary>Takes over new features of an image and holds them for the caller; where the image is cached already, those are held and the new ones freed.</summary>
    /// <returns>What is held.</returns>
    public ImageFeatures Add(ImageFeatures features)
    {
        lock (_gate)
        {
            if (_cached.TryGetValue(features.Hash, out var known))
            {
                features.Projected.Dispose();
                features = known.Value;
                features.Holders++;
                return features;
            }

            features.Holders++;
            _live.Add(features);
            _cached.Add(features.Hash, _byUse.AddFirst(features));
            _bytes += features.Bytes;
            while (_bytes > maxBytes || _byUse.Count > maxImages) EvictOldest_NeedsLock();
            return features;
        }
    }

    /// <summary>Ends one hold.</summary>
    public void Release(ImageFeatures features)
    {
        lock (_gate)
        {
            features.Holders--;
            FreeIfUnused_NeedsLock(features);
        }
    }

    /// <summary>Images in the cache.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byUse.Count;
        }
    }

    /// <summary>Images whose features take memory: cached, held or both.</summary>
    public int LiveCount
    {
        get
        {
            lock (_gate) return _live.Count;
        }
    }

    /// <exception cref="InvalidOperationException">The books do not balance.</exception>
    public void CheckIntegrity()
    {
        lock (_gate)
        {
            Require(_byUse.Count == _cached.Count, "as many images by use as by hash");
            Require(_byUse.Sum(static features => features.Bytes) == _bytes, "bytes are the sum over the images");
            Require(_bytes <= maxBytes && _byUse.Count <= maxImages, "within the limits");
            Require(_byUse.All(_live.Contains), "cached images are live");
            Require(_live.All(features => features.Holders > 0 || _cached.ContainsKey(features.Hash)), "live images are cached or held");
            Require(_live.All(static features => features.Holders >= 0), "no image is let go more often than held");
        }
    }

    /// <summary>Lets every cached image go; those still held are freed by their holders.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_byUse.Count > 0) EvictOldest_NeedsLock();
        }
    }

    private void EvictOldest_NeedsLock()
    {
        if (_byUse.Last is not { Value: var oldest }) return;
        _byUse.RemoveLast();
        _cached.Remove(oldest.Hash);
        _bytes -= oldest.Bytes;
        FreeIfUnused_NeedsLock(oldest);
    }

    private void FreeIfUnused_NeedsLock(ImageFeatures features)
    {
        var cached = _cached.TryGetValue(features.Hash, out var node) && node.Value == features;
        if (features.Holders > 0 || cached || !_live.Remove(features)) return;
        features.Projected.Dispose();
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException($"The vision cache is inconsistent: expected {rule}.");
    }
}
