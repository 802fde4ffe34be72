namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A small drawing as pixels that never change: any number of threads may copy it to their surfaces at once.</summary>
/// <param name="Pixels">Pinned, row by row, as <see cref="CairoSurface"/> has them.</param>
internal sealed record Sprite(uint[] Pixels, int Width, int Height)
{
    public static Sprite Draw(string svg, int width, int height)
    {
        using var surface = CairoSurface.Draw(svg, width, height);
        var pixels = GC.AllocateUninitializedArray<uint>(width * height, pinned: true);
        surface.Pixels(pixels.Length).CopyTo(pixels);
        return new(pixels, width, height);
    }

    /// <summary>
    /// A surface over the pixels, for one thread and one use: cairo counts a surface's users without regard to threads. The sprite must
    /// outlive it.
    /// </summary>
    public CairoSurface Surface() => CairoSurface.Over(Pixels, Width, Height);
}

/// <summary>
/// Drawn icons and characters, at most so many bytes of them: the least recently used go first. Safe for use by several threads: what one has drawn, all copy.
/// </summary>
internal sealed class SpriteCache(long capacityBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, LinkedListNode<(object Key, Lazy<Sprite> Sprite, long Bytes)>> _sprites = [];
    private readonly LinkedList<(object Key, Lazy<Sprite> Sprite, long Bytes)> _byUse = new();
    private long _bytes;

    /// <summary>Pixels from a glyph sprite's left edge to the character's centre; wide letters are wider than their advance.</summary>
    public static int GlyphReach(int size) => size;

    /// <summary>Pixels from a glyph sprite's top to the baseline.</summary>
    public static int GlyphBaseline(int size) => size + size / 4;

    /// <summary>The icon in a square of <paramref name="size"/> pixels.</summary>
    public Sprite Icon(IconArt art, int size) => Find((art.Style, art.Concept.Index, size), size, size, () => art.Document);

    /// <summary>The character in black; its alpha is the mask to paint through.</summary>
    public Sprite Glyph(Typeface face, int size, char character)
    {
        var (width, height) = (2 * GlyphReach(size), GlyphBaseline(size) + size / 2);
        return Find((face.Family, face.Weight, size, character), width, height, () =>
        {
            var text = TextLine.Svg(face, size, character, GlyphReach(size), GlyphBaseline(size), default);
            return $"""<svg {SvgDocument.Namespaces} viewBox="0 0 {width} {height}">{text}</svg>""";
        });
    }

    private Sprite Find(object key, int width, int height, Func<string> svg)
    {
        Lazy<Sprite> found;
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
                found = new(() => Sprite.Draw(svg(), width, height));
                _sprites[key] = _byUse.AddFirst((key, found, sizeof(uint) * (long)width * height));
                _bytes += _byUse.First!.Value.Bytes;                             // just added
                while (_bytes > capacityBytes && _byUse.Count > 1) Forget(_byUse.Last!);
            }
        }

        return found.Value;                                                       // drawn outside the lock, by whoever comes first
    }

    private void Forget(LinkedListNode<(object Key, Lazy<Sprite> Sprite, long Bytes)> oldest)
    {
        _byUse.Remove(oldest);
        _sprites.Remove(oldest.Value.Key);
        _bytes -= oldest.Value.Bytes;
    }
}
