using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Draws scenes with librsvg: one per thread.</summary>
/// <remarks>
/// Icons and characters are drawn once per size, kept, and copied to their places, which is several times faster than
/// drawing <see cref="Scene.Svg"/>. All places are whole pixels, so the result is the same but for rounding.
/// </remarks>
public sealed class SceneRenderer : IDisposable
{
    internal const long DefaultCacheBytes = 384L << 20; // all icons at the sizes of question scenes, most of those of packed ones

    private readonly CairoSurface _surface = CairoSurface.Create(Scene.Side, Scene.Side);
    private readonly CairoContext _context;
    private readonly SpriteCache _sprites;

    public SceneRenderer(long cacheBytes = DefaultCacheBytes) : this(new SpriteCache(cacheBytes))
    {
    }

    /// <summary>One of several that share what they have drawn.</summary>
    internal SceneRenderer(SpriteCache sprites)
    {
        _context = Librsvg.cairo_create(_surface);
        _sprites = sprites;
    }

    /// <summary>Draws the scene as red, green, blue bytes, row by row.</summary>
    /// <param name="rgb">288 x 288 x 3 bytes, overwritten.</param>
    public void Render(Scene scene, Span<byte> rgb)
    {
        Draw(scene.Picture);
        CopyRgb(rgb);
    }

    /// <summary>Draws <see cref="Scene.Svg"/> as it stands: slow, what <see cref="Render"/> is compared with.</summary>
    public void RenderPlainly(Scene scene, Span<byte> rgb)
    {
        using var document = new SvgDocument(scene.Svg);
        document.Render(_context, new(0, 0, Scene.Side, Scene.Side));
        CopyRgb(rgb);
    }

    /// <summary>Draws the scene as a PNG file.</summary>
    public byte[] Png(Scene scene)
    {
        Draw(scene.Picture);
        return PngWriter.Write(_surface);
    }

    /// <summary>Draws the scene as a WebP file.</summary>
    /// <param name="quality">1 to 100; null: without loss.</param>
    public byte[] Webp(Scene scene, float? quality = null)
    {
        var rgb = new byte[Scene.Side * Scene.Side * 3];
        Render(scene, rgb);
        return WebP.Encode(rgb, Scene.Side, Scene.Side, quality);
    }

    /// <summary>Draws the scene into another surface with its top left at (x, y).</summary>
    internal void DrawOnto(CairoContext context, Scene scene, int x, int y)
    {
        Draw(scene.Picture);
        Librsvg.cairo_set_source_surface(context, _surface, x, y);
        Librsvg.cairo_paint(context);
    }

    public void Dispose()
    {
        _context.Dispose();
        _surface.Dispose();
    }

    private void Draw(Picture picture)
    {
        using (var shapes = new SvgDocument(picture.ShapesSvg())) shapes.Render(_context, new(0, 0, Scene.Side, Scene.Side));
        foreach (var icon in picture.Icons)
        {
            var sprite = _sprites.Icon(icon.Art, icon.Size);
            using var surface = sprite.Surface();
            Librsvg.cairo_set_source_surface(_context, surface, icon.X, icon.Y);
            if (icon.Opacity < 1) Librsvg.cairo_paint_with_alpha(_context, icon.Opacity);
            else Librsvg.cairo_paint(_context);
            Librsvg.cairo_set_source_rgb(_context, 0, 0, 0);                      // lets go of the surface
            GC.KeepAlive(sprite);
        }
        foreach (var glyph in picture.Glyphs)
        {
            var sprite = _sprites.Glyph(glyph.Face, glyph.Size, glyph.Character);
            Librsvg.cairo_set_source_rgb(_context, glyph.Color.Red / 255.0, glyph.Color.Green / 255.0, glyph.Color.Blue / 255.0);
            var (x, y) = (glyph.CenterX - SpriteCache.GlyphReach(glyph.Size), glyph.Baseline - SpriteCache.GlyphBaseline(glyph.Size));
            using var surface = sprite.Surface();
            Librsvg.cairo_mask_surface(_context, surface, x, y);
            GC.KeepAlive(sprite);
        }
        var status = Librsvg.cairo_status(_context);
        if (status != 0) throw new DataAssetException($"cairo could not draw the picture (status {status}).");
    }

    private void CopyRgb(Span<byte> rgb)
    {
        if (rgb.Length != Scene.Side * Scene.Side * 3)
        {
            throw new ArgumentException($"Expected room for 288 x 288 x 3 bytes, found {rgb.Length}.", nameof(rgb));
        }
        var pixels = _surface.Pixels(Scene.Side * Scene.Side);
        for (int from = 0, to = 0; to < rgb.Length; from++, to += 3)
        {
            var pixel = pixels[from]; // the background is opaque: alpha is 255 everywhere
            rgb[to] = (byte)(pixel >> 16);
            rgb[to + 1] = (byte)(pixel >> 8);
            rgb[to + 2] = (byte)pixel;
        }
    }
}
