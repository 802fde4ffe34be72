using System.Runtime.InteropServices;
using System.Text;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A parsed SVG document (owns an RsvgHandle). Not safe for use by several threads.</summary>
public sealed class SvgDocument : SafeHandle
{
    public const string Namespaces = """xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" """;

    private readonly bool _hasText;

    /// <exception cref="DataAssetException">The document is malformed, or librsvg is not installed.</exception>
    public SvgDocument(string svg) : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _hasText = svg.Contains("<text", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(svg);
        try
        {
            SetHandle(Librsvg.rsvg_handle_new_from_data(bytes, (nuint)bytes.Length, out var error));
            if (IsInvalid) throw new DataAssetException($"librsvg cannot read the drawing: {TakeMessage(error)}");
        }
        catch (DllNotFoundException missing)
        {
            throw new DataAssetException("librsvg is not installed (Debian: librsvg2-2). Run training/install-data-assets.sh.", missing);
        }
    }

    // Text goes through caches that the process shares, and Debian 12's cairo (1.16) has crashed when threads drew side by side.
    private static readonly Lock DrawingText = new();

    public override bool IsInvalid => handle == 0;

    /// <summary>What the document paints when it fills the viewport.</summary>
    public SvgRectangle InkWithin(SvgRectangle viewport) => Alone(() =>
        Librsvg.rsvg_handle_get_geometry_for_layer(this, 0, viewport, out var ink, out _, out var error)
            ? ink
            : throw new DataAssetException($"librsvg cannot measure the drawing: {TakeMessage(error)}"));

    internal void Render(CairoContext context, SvgRectangle viewport) => Alone(() =>
        Librsvg.rsvg_handle_render_document(this, context, viewport, out var error)
            ? true
            : throw new DataAssetException($"librsvg cannot draw: {TakeMessage(error)}"));

    private T Alone<T>(Func<T> draw)
    {
        if (!_hasText) return draw();
        lock (DrawingText) return draw();
    }

    protected override bool ReleaseHandle()
    {
        Librsvg.g_object_unref(handle);
        return true;
    }

    // struct GError { guint32 domain; int code; char* message; }
    private static string TakeMessage(nint error)
    {
        if (error == 0) return "no reason given";
        var message = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(error, 8)) ?? "";
        Librsvg.g_error_free(error);
        return message;
    }
}
