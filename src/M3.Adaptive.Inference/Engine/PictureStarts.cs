using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;

namespace M3.Adaptive.Inference.Engine;

/// <summary>A picture at a scale.</summary>
internal readonly record struct PictureAtScale(ImageHash Image, VisualScale Scale);

/// <summary>
/// Keys and values of pictures that were asked about, for further questions at the same scale: they are left where the first answer put them, first
/// in the running answer's sequence, then, when it has ended, in that sequence kept here. The least recently used goes first. For the thread that owns
/// the model.
/// </summary>
/// <param name="maxBytes">That kept sequences may take; those of running answers do not count.</param>
internal sealed class PictureStarts(long maxBytes) : IDisposable
{
    private readonly Dictionary<PictureAtScale, LinkedListNode<Start>> _starts = [];
    private readonly LinkedList<Start> _byUse = [];                               // most recently used first

    /// <summary>Bytes of kept sequences.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a sequence begins with the picture.</summary>
    public bool Has(PictureAtScale picture) => _starts.ContainsKey(picture);

    /// <summary>The sequence that begins with the picture, to be forked at once; null when there is none.</summary>
    public SequenceState? Find(PictureAtScale picture)
    {
        if (!_starts.TryGetValue(picture, out var node)) return null;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Sequence;
    }

    /// <summary>Shares a running answer's sequence, which begins with the picture from now on; without effect when another one does.</summary>
    public void Share(PictureAtScale picture, SequenceState sequence)
    {
        if (_starts.ContainsKey(picture)) return;
        _starts[picture] = _byUse.AddFirst(new Start(picture, sequence));
    }

    /// <summary>Takes over the sequence of an answer that has ended: keeps it if it is the one that was shared, else frees it.</summary>
    public void Leave(PictureAtScale picture, SequenceState sequence)
    {
        if (!_starts.TryGetValue(picture, out var node) || node.Value.Sequence != sequence)
        {
            sequence.Dispose();
            return;
        }

        node.Value.IsKept = true;
        Bytes += sequence.Bytes;
        for (var oldest = _byUse.Last; oldest is not null && Bytes > maxBytes;)
        {
            var newer = oldest.Previous;
            if (oldest.Value.IsKept) Free(oldest);
            oldest = newer;
        }
    }

    /// <exception cref="InvalidOperationException">The books do not balance.</exception>
    public void CheckIntegrity()
    {
        if (Bytes != _byUse.Where(static start => start.IsKept).Sum(static start => start.Sequence.Bytes) || Bytes > maxBytes || _byUse.Count != _starts.Count)
            throw new InvalidOperationException("The books of pictures' keys and values are inconsistent: expected bytes to be those of the sequences kept, within the limit.");
    }

    /// <summary>Frees what is kept; when no answer runs.</summary>
    public void Dispose()
    {
        while (_byUse.Last is { } last) Free(last);
    }

    private void Free(LinkedListNode<Start> node)
    {
        _byUse.Remove(node);
        _starts.Remove(node.Value.Picture);
        if (!node.Value.IsKept) return;
        Bytes -= node.Value.Sequence.Bytes;
        node.Value.Sequence.Dispose();
    }

    private sealed record Start(PictureAtScale Picture, SequenceState Sequence)
    {
        /// <summary>Whether its answer has ended.</summary>
        public bool IsKept { get; set; }
    }
}
