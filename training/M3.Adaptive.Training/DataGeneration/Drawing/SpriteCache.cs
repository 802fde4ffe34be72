namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Drawn icons and characters, at most so many bytes of them: the least recently used go first. Owns its surfaces.</summary>
internal sealed class SpriteCache(long capacityBytes) : IDisposable
{
    private readonly Dictionary<object, LinkedListNode<(object Key, CairoSurface Surface, long Bytes)>> _sprites = [];
    private readonly LinkedList<(object Key, CairoSurface Surface, long Bytes)> _byUse = new();
    private long _bytes;

    /// <summary>Pixels from a glyph sprite's left edge to the character's centre; wide letters are wider than their advance.</summary>
    public static int GlyphReach(int size) => size;

    /// <summary>Pixels from a glyph sprite's top to the baseline.</summary>
    public static int GlyphBaseline(int size) => size + size / 4;

    /// <summary>The icon in a square of <paramref name="size"/> pixels; valid until the next call.</summary>
    public CairoSurface Icon(IconArt art, int size) => Find((art.Style, art.Concept.Index, size), size, size, () => art.Document);

    /// <summary>The character in black; its alpha is the mask to paint through. Valid until the next call.</summary>
    public CairoSurface Glyph(Typeface face, int size, char character)
    {
        var (width, height) = (2 * GlyphReach(size), GlyphBaseline(size) + size / 2);
        return Find((face.Family, face.Weight, size, character), width, height, () =>
        {
            var text = TextLine.Svg(face, size, character, GlyphReach(size), GlyphBaseline(size), default);
            return $"""<svg {SvgDocument.Namespaces} viewBox="0 0 {width} {height}">{text}</svg>""";
        });
    }

    public void Dispose()
    {
        foreach (var sprite in _byUse) sprite.Surface.Dispose();
        _byUse.Clear();
        _sprites.Clear();
    }

    private CairoSurface Find(object key, int width, int height, Func<string> svg)
    {
        if (_sprites.TryGetValue(key, out var known))
        {
            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return known.Value.Surface;
        }
        var added = _byUse.AddFirst((key, CairoSurface.Draw(svg(), width, height), 4L * width * height));
        _sprites[key] = added;
        _bytes += added.Value.Bytes;
        while (_bytes > capacityBytes && _byUse.Last is { } oldest && oldest != added)
        {
            _byUse.RemoveLast();
            _sprites.Remove(oldest.Value.Key);
            _bytes -= oldest.Value.Bytes;
            oldest.Value.Surface.Dispose();
        }
        return added.Value.Surface;
    }
}
