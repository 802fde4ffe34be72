using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Pixels in memory: 32 bits each, blue, green, red, alpha, colours multiplied by alpha (owns a cairo_surface_t).</summary>
internal sealed class CairoSurface : SafeHandle
{
    public CairoSurface() : base(invalidHandleValue: 0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    public static CairoSurface Create(int width, int height) =>
        Sound(Librsvg.cairo_image_surface_create(Librsvg.FormatArgb32, width, height), width, height);

    /// <summary>A surface over pixels of one's own, which must be pinned and outlive it; a row has no padding.</summary>
    public static unsafe CairoSurface Over(uint[] pinned, int width, int height)
    {
        fixed (uint* pixels = pinned)
            return Sound(Librsvg.cairo_image_surface_create_for_data(pixels, Librsvg.FormatArgb32, width, height, width * sizeof(uint)), width, height);
    }

    /// <summary>The first <paramref name="count"/> pixels, row by row without padding, as far as they are drawn; valid while the surface is.</summary>
    public unsafe ReadOnlySpan<uint> Pixels(int count)
    {
        Librsvg.cairo_surface_flush(this);
        return new((void*)Librsvg.cairo_image_surface_get_data(this), count);
    }

    private static CairoSurface Sound(CairoSurface surface, int width, int height)
    {
        var status = Librsvg.cairo_surface_status(surface);
        if (status == 0) return surface;
        surface.Dispose();
        throw new DataAssetException($"cairo cannot make a surface of {width} x {height} pixels (status {status}).");
    }

    /// <summary>A transparent surface with one document drawn over all of it.</summary>
    public static CairoSurface Draw(string svg, int width, int height)
    {
        var surface = Create(width, height);
        using var context = Librsvg.cairo_create(surface);
        using var document = new SvgDocument(svg);
        document.Render(context, new(0, 0, width, height));
        return surface;
    }

    protected override bool ReleaseHandle()
    {
        Librsvg.cairo_surface_destroy(handle);
        return true;
    }
}

/// <summary>Draws on a surface, which it keeps alive (owns a cairo_t).</summary>
internal sealed class CairoContext : SafeHandle
{
    public CairoContext() : base(invalidHandleValue: 0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Librsvg.cairo_destroy(handle);
        return true;
    }
}
