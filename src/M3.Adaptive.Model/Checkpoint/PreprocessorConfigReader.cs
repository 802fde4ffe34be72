using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Reads how pictures are prepared: <c>preprocessor_config.json</c>, or <c>image_processor</c> in <c>processor_config.json</c>, where
/// newer checkpoints have it. <c>size</c> and <c>crop_size</c> are a number in old files and an object in new ones.
/// </summary>
public static class PreprocessorConfigReader
{
    private const string ProcessorFile = "processor_config.json";
    private const int Bicubic = 3;

    /// <summary>Reads the files of a folder; without any, it is CLIP's at the model's size.</summary>
    /// <exception cref="CheckpointException">
    /// One is no JSON, contradicts the other or the model's size, or asks for steps that are not done.
    /// </exception>
    public static PreprocessorConfig Read(string folder, int imageSize)
    {
        var path = Path.Combine(folder, CheckpointFolder.PreprocessorFile);
        var alone = File.Exists(path) ? Read(path, json => json, imageSize) : null;
        var processor = Path.Combine(folder, ProcessorFile);
        var nested = File.Exists(processor) ? Read(processor, json => json.Object("image_processor"), imageSize) : null;

        // Versions of the transformers library differ in which of the two they take.
        if (alone is not null && nested is not null && !PreprocessorConfigWriter.ToJson(alone).AsSpan().SequenceEqual(PreprocessorConfigWriter.ToJson(nested)))
            throw new CheckpointException(processor, $"image_processor says something else than {CheckpointFolder.PreprocessorFile}: expected the same, or one of the two");
        return nested ?? alone ?? PreprocessorConfig.Clip336 with { Size = imageSize };
    }

    private static PreprocessorConfig? Read(string path, Func<JsonFields, JsonFields?> select, int imageSize)
    {
        using var document = CheckpointJson.Read(path);
        var faults = new List<string>();
        var config = select(new JsonFields(document.RootElement, "", faults)) is { } json ? Parse(json, imageSize, faults) : null;
        return faults.Count == 0 ? config : throw new CheckpointException(path, faults);
    }

    private static PreprocessorConfig Parse(JsonFields json, int imageSize, List<string> faults)
    {
        var clip = PreprocessorConfig.Clip336;
        foreach (var step in PreprocessorConfigWriter.Steps) json.Only(step, supported: true);
        json.Integer("resample", Bicubic, Bicubic, Bicubic);
        ReadSize(json, "size", imageSize);
        ReadSize(json, "crop_size", imageSize);
        var config = new PreprocessorConfig
        {
            Size = imageSize,
            Mean = json.Numbers("image_mean", clip.Mean),
            Deviation = json.Numbers("image_std", clip.Deviation),
            RescaleFactor = json.Number("rescale_factor", clip.RescaleFactor),
        };
        foreach (var mean in config.Mean.Where(mean => mean > 1)) faults.Add($"image_mean holds {mean}: expected numbers up to 1");
        return config;
    }

    // Whatever way it is written, it must be the square that the tower was made for.
    private static void ReadSize(JsonFields json, string key, int imageSize)
    {
        if (!json.IsObject(key))
        {
            json.Integer(key, imageSize, imageSize, imageSize);
            return;
        }

        var size = json.Object(key) ?? json.Empty();
        foreach (var side in (string[])["shortest_edge", "height", "width"]) size.Integer(side, imageSize, imageSize, imageSize);
    }
}
