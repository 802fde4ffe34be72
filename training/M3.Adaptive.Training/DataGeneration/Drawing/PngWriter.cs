using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Writes a surface as PNG through cairo.</summary>
internal static class PngWriter
{
    private const int Success = 0;
    private const int WriteError = 11; // CAIRO_STATUS_WRITE_ERROR

    public static unsafe byte[] Write(CairoSurface surface)
    {
        using var file = new MemoryStream();
        var closure = GCHandle.Alloc(file);
        try
        {
            var status = Librsvg.cairo_surface_write_to_png_stream(surface, &Append, GCHandle.ToIntPtr(closure));
            if (status != Success) throw new DataAssetException($"cairo could not write the PNG file (status {status}).");
            return file.ToArray();
        }
        finally
        {
            closure.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static unsafe int Append(nint closure, byte* data, uint length)
    {
        if (GCHandle.FromIntPtr(closure).Target is not MemoryStream file) return WriteError;
        file.Write(new ReadOnlySpan<byte>(data, (int)length));
        return Success;
    }
}
