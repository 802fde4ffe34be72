using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Reads <c>preprocessor_config.json</c>, whose <c>size</c> and <c>crop_size</c> are a number in old files and an object in
/// new ones.
/// </summary>
public static class PreprocessorConfigReader
{
    private const int Bicubic = 3;

    /// <summary>Reads a file; absent, it is CLIP's at the model's size.</summary>
    /// <exception cref="CheckpointException">It is no JSON, contradicts the model's size, or asks for steps that are not done.</exception>
    public static PreprocessorConfig Read(string path, int imageSize)
    {
        var clip = PreprocessorConfig.Clip336 with { Size = imageSize };
        if (!File.Exists(path)) return clip;
        using var document = CheckpointJson.Read(path);
        var faults = new List<string>();
        var json = new JsonFields(document.RootElement, "", faults);
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
        return faults.Count == 0 ? config : throw new CheckpointException(path, faults);
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
