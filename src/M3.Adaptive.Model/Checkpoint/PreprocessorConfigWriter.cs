using System.Text.Json;
using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Writes <c>preprocessor_config.json</c> in the style of the published checkpoints.</summary>
public static class PreprocessorConfigWriter
{
    /// <summary>Keys of the reference's steps; the product always does all of them.</summary>
    internal static readonly string[] Steps = ["do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"];

    /// <summary>UTF-8 JSON that <see cref="PreprocessorConfigReader"/> reads back to the same configuration.</summary>
    public static byte[] ToJson(PreprocessorConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ModelConfigWriter.Indented))
        {
            json.WriteStartObject();
            json.WriteString("image_processor_type", "CLIPImageProcessor");
            foreach (var step in Steps) json.WriteBoolean(step, true);
            json.WriteNumber("resample", 3);
            json.WriteNumber("size", config.Size);
            json.WriteNumber("crop_size", config.Size);
            json.WriteNumber("rescale_factor", config.RescaleFactor);
            WriteNumbers(json, "image_mean", config.Mean);
            WriteNumbers(json, "image_std", config.Deviation);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, double[] numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
