using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>
/// Drawn icons, at most so many bytes of them: the least recently used go first. Safe for use by several threads: what one has drawn, all copy.
/// </summary>
/// <remarks>An icon is kept in a few sizes, the next larger of which is copied smaller: a drawing costs 0.1 to 3 ms, a copy far less.</remarks>
internal sealed class SpriteCache(long capacityBytes)
{
    /// <summary>Sides that are kept, in pixels; larger icons are drawn each time.</summary>
    private static readonly int[] Sides = [24, 32, 48, 64, 96, 128, 192, 256];

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Style, int Concept, int Side), LinkedListNode<Entry>> _sprites = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>The icon in a square of at least <paramref name="side"/> pixels; null where that is more than any that is kept.</summary>
    public SKImage? Icon(IconArt art, double side)
    {
        foreach (var kept in Sides)
        {
            if (kept >= side) return Find((art.Style, art.Concept.Index, kept), () => Draw(art, kept));
        }
        return null;
    }

    private static SKImage Draw(IconArt art, int side)
    {
        using var surface = SKSurface.Create(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        art.Draw(surface.Canvas, side);
        return surface.Snapshot();
    }

    private SKImage Find((int Style, int Concept, int Side) key, Func<SKImage> draw)
    {
        Lazy<SKImage> found;
        lock (_lock)
        {
            if (_sprites.TryGetValue(key, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                found = known.Value.Sprite;
            }
            else
            {
                found = new(draw);
                var entry = _byUse.AddFirst(new Entry(key, found, 4L * key.Side * key.Side));
                _sprites[key] = entry;
                _bytes += entry.Value.Bytes;
                while (_bytes > capacityBytes && _byUse.Count > 1) Forget(_byUse.Last!);
            }
        }

        return found.Value;                                                       // drawn outside the lock, by whoever comes first
    }

    /// <summary>Another thread may still copy the image: the collector frees it.</summary>
    private void Forget(LinkedListNode<Entry> oldest)
    {
        _byUse.Remove(oldest);
        _sprites.Remove(oldest.Value.Key);
        _bytes -= oldest.Value.Bytes;
    }

    private sealed record Entry((int Style, int Concept, int Side) Key, Lazy<SKImage> Sprite, long Bytes);
}
