namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Tells a fine-tune's adapter (LoRA) from a model: it holds changes of weights, which are nothing without their base.</summary>
internal static class AdapterFolder
{
    private const string ConfigFile = "adapter_config.json";

    private static readonly string[] Files = [ConfigFile, "adapter_model.safetensors", "adapter_model.bin"];

    /// <exception cref="CheckpointException">The folder holds an adapter and no model.</exception>
    public static void Refuse(string folder)
    {
        if (ShardIndex.IsIn(folder) || !Files.Any(file => File.Exists(Path.Combine(folder, file)))) return;
        var model = BaseOf(Path.Combine(folder, ConfigFile)) is { Length: > 0 } name ? $"its base {name}" : "its base model";
        throw new CheckpointException(folder, $"this is an adapter (LoRA) and no model: merge it into {model} first, and give the folder of the merged model");
    }

    private static string? BaseOf(string config)
    {
        if (!File.Exists(config)) return null;
        using var document = CheckpointJson.Read(config);
        var faults = new List<string>();
        var name = new JsonFields(document.RootElement, "", faults).Text("base_model_name_or_path");
        return faults.Count == 0 ? name : throw new CheckpointException(config, faults);
    }
}
