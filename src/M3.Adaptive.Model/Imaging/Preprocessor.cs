namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Squares a picture with the mean colour, resizes it and normalises it: the LLaVA-1.5 path (<c>image_aspect_ratio: pad</c>),
/// equal to the reference's to the last byte and bit. Safe for concurrent use.
/// </summary>
public sealed class Preprocessor
{
    private readonly PreprocessorConfig _config;
    private readonly float[] _table;            // [3, 256]: a pixel depends on its byte and channel only

    private Preprocessor(PreprocessorConfig config)
    {
        _config = config;
        _table = new float[3 * 256];
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, deviation) = ((float)config.Mean[channel], (float)config.Deviation[channel]);
            for (var x = 0; x < 256; x++) _table[(256 * channel) + x] = ((float)(x * config.RescaleFactor) - mean) / deviation;
        }
    }

    /// <summary>Side of the square that <see cref="Pixels"/> gives.</summary>
    public int Size => _config.Size;

    /// <summary>Normalised value of each byte: [3, 256], channel first.</summary>
    public ReadOnlySpan<float> Table => _table;

    public static Preprocessor FromConfig(PreprocessorConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Preprocessor(config);
    }

    /// <summary>The model's input: [3, Size, Size], red, green, blue.</summary>
    public float[] Pixels(RgbImage image) => Normalise(Resizer.BicubicSquare(image, Size, _config.PadColour));

    private float[] Normalise(RgbImage image)
    {
        var bytes = image.Pixels;
        var plane = image.Width * image.Height;
        var pixels = GC.AllocateUninitializedArray<float>(3 * plane);
        var red = pixels.AsSpan(0, plane);
        var green = pixels.AsSpan(plane, plane);
        var blue = pixels.AsSpan(2 * plane, plane);
        for (int i = 0, at = 0; i < plane; i++, at += 3)
        {
            red[i] = _table[bytes[at]];
            green[i] = _table[256 + bytes[at + 1]];
            blue[i] = _table[512 + bytes[at + 2]];
        }

        return pixels;
    }
}
