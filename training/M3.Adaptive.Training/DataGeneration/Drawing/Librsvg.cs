using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A rectangle as librsvg passes it (RsvgRectangle).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SvgRectangle(double X, double Y, double Width, double Height);

/// <summary>C functions of librsvg 2.46+, cairo and GLib. Debian: librsvg2-2.</summary>
internal static partial class Librsvg
{
    private const string Rsvg = "librsvg-2.so.2";
    private const string Cairo = "libcairo.so.2";

    public const int FormatArgb32 = 0;

    [LibraryImport(Rsvg)]
    public static partial nint rsvg_handle_new_from_data(ReadOnlySpan<byte> data, nuint length, out nint error);

    [LibraryImport(Rsvg)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool rsvg_handle_render_document(SvgDocument handle, CairoContext context, in SvgRectangle viewport, out nint error);

    [LibraryImport(Rsvg)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool rsvg_handle_get_geometry_for_layer(
        SvgDocument handle, nint id, in SvgRectangle viewport, out SvgRectangle ink, out SvgRectangle logical, out nint error);

    [LibraryImport("libgobject-2.0.so.0")]
    public static partial void g_object_unref(nint instance);

    [LibraryImport("libglib-2.0.so.0")]
    public static partial void g_error_free(nint error);

    [LibraryImport(Cairo)]
    public static partial CairoSurface cairo_image_surface_create(int format, int width, int height);

    [LibraryImport(Cairo)]
    public static unsafe partial CairoSurface cairo_image_surface_create_for_data(uint* data, int format, int width, int height, int stride);

    [LibraryImport(Cairo)]
    public static partial int cairo_surface_status(CairoSurface surface);

    [LibraryImport(Cairo)]
    public static partial void cairo_surface_flush(CairoSurface surface);

    [LibraryImport(Cairo)]
    public static partial void cairo_surface_destroy(nint surface);

    [LibraryImport(Cairo)]
    public static partial nint cairo_image_surface_get_data(CairoSurface surface);

    [LibraryImport(Cairo)]
    public static partial int cairo_image_surface_get_stride(CairoSurface surface);

    [LibraryImport(Cairo)]
    public static partial CairoContext cairo_create(CairoSurface surface);

    [LibraryImport(Cairo)]
    public static partial void cairo_destroy(nint context);

    [LibraryImport(Cairo)]
    public static partial int cairo_status(CairoContext context);

    [LibraryImport(Cairo)]
    public static partial void cairo_set_source_rgb(CairoContext context, double red, double green, double blue);

    [LibraryImport(Cairo)]
    public static partial void cairo_set_source_surface(CairoContext context, CairoSurface surface, double x, double y);

    [LibraryImport(Cairo)]
    public static partial void cairo_paint(CairoContext context);

    [LibraryImport(Cairo)]
    public static partial void cairo_paint_with_alpha(CairoContext context, double alpha);

    [LibraryImport(Cairo)]
    public static partial void cairo_mask_surface(CairoContext context, CairoSurface surface, double x, double y);

    [LibraryImport(Cairo)]
    public static unsafe partial int cairo_surface_write_to_png_stream(
        CairoSurface surface, delegate* unmanaged<nint, byte*, uint, int> write, nint closure);
}
