using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Pictures;

/// <summary>
/// Which tenant sent which picture, so that nobody reaches another tenant's pictures by their hashes. Bounded: the pair that was not used for longest
/// goes first, and its picture must be sent again. Safe for concurrent use.
/// </summary>
/// <param name="capacity">Pairs at most; 1 or more.</param>
internal sealed class SentPictures(int capacity)
{
    /// <summary>More pictures than a service caches; 12 MB when all are used.</summary>
    public const int DefaultCapacity = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<Sent, LinkedListNode<Sent>> _nodes = [];
    private readonly LinkedList<Sent> _byUse = [];                            // longest unused first

    /// <summary>The tenant has sent the picture.</summary>
    public void Add(string tenant, ImageHash picture)
    {
        var sent = new Sent(tenant, picture);
        lock (_lock)
        {
            if (Use_NeedsLock(sent)) return;
            _nodes.Add(sent, _byUse.AddLast(sent));
            if (_nodes.Count <= capacity || _byUse.First is not { } oldest) return;
            _byUse.Remove(oldest);
            _nodes.Remove(oldest.Value);
        }
    }

    /// <summary>Whether the tenant has sent the picture, and it is remembered.</summary>
    public bool Contains(string tenant, ImageHash picture)
    {
        lock (_lock) return Use_NeedsLock(new Sent(tenant, picture));
    }

    private bool Use_NeedsLock(Sent sent)
    {
        if (!_nodes.TryGetValue(sent, out var node)) return false;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return true;
    }

    private readonly record struct Sent(string Tenant, ImageHash Picture);
}
