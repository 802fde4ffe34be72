using System.Buffers.Binary;

namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// Features are rounded to half precision where they are made, so that a stored label table gives back the very numbers
/// that serving sees.
/// </summary>
public static class HalfPrecision
{
    /// <summary>Rounds in place. A value beyond the range becomes the nearest end of it; NaN stays NaN.</summary>
    public static void Round(Span<float> values)
    {
        foreach (ref var value in values)
            value = float.IsNaN(value) ? float.NaN : (float)(Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);
    }

    /// <summary>Writes two bytes a value, little-endian, as base64. The values must have been rounded.</summary>
    public static string Encode(ReadOnlySpan<float> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">Not base64, or not <paramref name="count"/> values.</exception>
    public static float[] Decode(string text, int count)
    {
        var bytes = Convert.FromBase64String(text);
        if (bytes.Length != 2 * count) throw new FormatException($"it holds {bytes.Length} bytes; expected {2 * count}");
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(2 * i));
        return values;
    }
}
