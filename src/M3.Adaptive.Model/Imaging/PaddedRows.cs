using System.Runtime.InteropServices;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Rows of a picture centred on a larger canvas of one colour, which is never made: all rows above and below the picture
/// are one and the same stored row.
/// </summary>
internal sealed class PaddedRows
{
    private readonly RgbImage _image;
    private readonly byte[] _row;
    private readonly byte[] _blank;
    private readonly int _left;
    private readonly int _top;

    public PaddedRows(RgbImage image, int width, int height, Rgb colour)
    {
        (_image, Width, Height) = (image, width, height);
        (_left, _top) = ((width - image.Width) / 2, (height - image.Height) / 2);
        _blank = new byte[(3 * width) + 1];
        var pixels = MemoryMarshal.Cast<byte, Rgb>(_blank.AsSpan(0, 3 * width));
        pixels.Fill(colour);
        _row = [.. _blank];
    }

    /// <summary>Pixels in a row of the canvas.</summary>
    public int Width { get; }

    /// <summary>Rows of the canvas.</summary>
    public int Height { get; }

    /// <summary>Rows that differ: those of the picture, and the blank one where the canvas is higher.</summary>
    public int StoredCount => _image.Height + (_image.Height < Height ? 1 : 0);

    /// <summary>Which stored row stands at height y of the canvas.</summary>
    public int StoredIndex(int y) => y >= _top && y < _top + _image.Height ? y - _top : _image.Height;

    /// <summary>The canvas row at height y; see <see cref="ReadStored"/>.</summary>
    public ReadOnlySpan<byte> Read(int y) => ReadStored(StoredIndex(y));

    /// <summary>A stored row and one byte of no meaning behind it; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadStored(int index)
    {
        if (index == _image.Height) return _blank;
        _image.Row(index).CopyTo(_row.AsSpan(3 * _left));
        return _row;
    }
}
