using System.Buffers;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// A picture in memory: rows from the top, three bytes a pixel. Disposing of a decoded picture lets the next one have its memory, which
/// is worth it where large pictures follow each other; a picture that is not disposed of is collected like any object.
/// </summary>
public sealed class RgbImage : IDisposable
{
    private readonly ArrayPool<byte>? _lender;
    private byte[] _pixels;

    /// <summary>Takes over a buffer whose first width x height x 3 bytes are the picture.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than that.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.Length < 3L * width * height)
            throw new ArgumentException($"{width} x {height} pixels need {3L * width * height} bytes, got {pixels.Length}.", nameof(pixels));
        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>Takes over a rented buffer.</summary>
    internal RgbImage(int width, int height, byte[] pixels, ArrayPool<byte> lender) : this(width, height, pixels) => _lender = lender;

    /// <summary>Pixels in a row; 1 or more.</summary>
    public int Width { get; }

    /// <summary>Rows; 1 or more.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel, row by row: width x height x 3 bytes.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, 3 * Width * Height);

    /// <summary>One row's bytes.</summary>
    public ReadOnlySpan<byte> Row(int y) => _pixels.AsSpan(3 * Width * y, 3 * Width);

    /// <summary>Ends the use of the picture: its pixels may not be read any more.</summary>
    public void Dispose()
    {
        if (_pixels.Length > 0) _lender?.Return(_pixels);
        _pixels = [];
    }
}
