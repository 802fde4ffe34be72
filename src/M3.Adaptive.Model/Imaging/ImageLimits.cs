using M3.Adaptive.Core;

namespace M3.Adaptive.Model.Imaging;

/// <summary>How large a picture may be, judged by its length and its header before anything is decoded or allocated.</summary>
public sealed record ImageLimits
{
    public static ImageLimits Default { get; } = new();

    /// <summary>Bytes of the file at most. Default 64 MiB.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>Width times height at most; 1 to 250 million. Default 40 megapixels.</summary>
    public long MaxPixels
    {
        get;
        init => field = value is >= 1 and <= 250_000_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A picture may have 1 to 250,000,000 pixels.");
    } = 40_000_000;

    /// <summary>Width and height at most, each. Default 65 535: it bounds the work of squaring an extreme strip.</summary>
    public int MaxSide { get; init; } = 65_535;

    internal void CheckBytes(int bytes)
    {
        if (bytes > MaxBytes)
            throw new InvalidImageException($"The picture has {bytes} bytes, and at most {MaxBytes} are read: send a smaller one.");
    }

    internal void CheckPixels(int width, int height)
    {
        if (width <= 0 || height <= 0)
            throw new InvalidImageException($"The picture's header claims {width} x {height} pixels: send a picture with at least one pixel.");
        if (width > MaxSide || height > MaxSide || (long)width * height > MaxPixels)
        {
            throw new InvalidImageException(
                $"The picture has {width} x {height} pixels, and at most {MaxPixels} in all and {MaxSide} a side are read: send a smaller one.");
        }
    }
}
