namespace M3.Adaptive.Model.Imaging;

/// <summary>Turns a picture upright.</summary>
internal static class Orientation
{
    /// <summary>
    /// Applies an EXIF orientation: 1 none, 2 mirrored left to right, 3 turned by 180 degrees, 4 mirrored top to bottom, 5 transposed, 6 turned
    /// 90 degrees clockwise, 7 transposed over the other diagonal, 8 turned 90 degrees counter-clockwise.
    /// </summary>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == 1) return image;
        var (w, h) = (image.Width, image.Height);
        var (origin, right, down) = orientation switch          // the source pixel of (0, 0), and its steps per x and y
        {
            2 => (w - 1, -1, w),
            3 => ((w * h) - 1, -1, -w),
            4 => (w * (h - 1), 1, -w),
            5 => (0, w, 1),
            6 => (w * (h - 1), -w, 1),
            7 => ((w * h) - 1, -w, -1),
            8 => (w - 1, w, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "EXIF orientations are 1 to 8."),
        };
        var (width, height) = orientation >= 5 ? (h, w) : (w, h);
        var turned = GC.AllocateUninitializedArray<byte>(3 * w * h);
        var source = image.Pixels;
        var target = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, target += 3)
            {
                source.Slice(3 * (origin + (x * right) + (y * down)), 3).CopyTo(turned.AsSpan(target));
            }
        }

        return new RgbImage(width, height, turned);
    }
}
