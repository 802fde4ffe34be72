using System.Text.Json;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Finds the safetensors files of a folder: <c>model.safetensors</c>, or the shards that its index names.</summary>
internal static class ShardIndex
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>Whether a folder holds weights in either form.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, SingleFile)) || File.Exists(Path.Combine(folder, IndexFile));

    /// <summary>Opens all files; the caller owns them.</summary>
    /// <exception cref="CheckpointException">There are none, or files and index contradict each other.</exception>
    public static SafetensorsFile[] Open(string folder)
    {
        var single = Path.Combine(folder, SingleFile);
        if (File.Exists(single)) return [SafetensorsFile.Open(single)];
        var index = Path.Combine(folder, IndexFile);
        if (!File.Exists(index))
            throw new CheckpointException(folder, $"there is neither {SingleFile} nor {IndexFile}: weights are read in safetensors form only");
        var shards = ReadIndex(index);
        var opened = new List<SafetensorsFile>();
        try
        {
            foreach (var file in shards.Values.Distinct().Order(StringComparer.Ordinal)) opened.Add(SafetensorsFile.Open(Path.Combine(folder, file)));
            Compare(index, shards, opened);
            return [.. opened];
        }
        catch
        {
            foreach (var file in opened) file.Dispose();
            throw;
        }
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        using var document = CheckpointJson.Read(path);
        if (!document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new CheckpointException(path, "weight_map is missing: expected an object of tensor and file names");
        var shards = new Dictionary<string, string>();
        var faults = new List<string>();
        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() ?? "" : "";
            shards[entry.Name] = file;
            if (!IsPlainName(file))
                faults.Add($"tensor {entry.Name} lies in {JsonFields.Show(entry.Value)}: expected the name of a file in the same folder");
        }

        var folder = Path.GetDirectoryName(path) ?? "";
        foreach (var (file, tensors) in shards.Values.Where(IsPlainName).CountBy(file => file).OrderBy(shard => shard.Key, StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder, file)))
                faults.Add($"{file} does not exist ({(tensors == 1 ? "1 tensor" : $"{tensors} tensors")}): fetch it from where the others came from");
        }

        if (faults.Count > 0) throw new CheckpointException(path, faults);
        return shards.Count > 0 ? shards : throw new CheckpointException(path, "weight_map is empty");
    }

    private static bool IsPlainName(string file) =>
        file.Length > 0 && file is not ("." or "..") && !file.AsSpan().ContainsAny('/', '\\', '\0');

    private static void Compare(string index, Dictionary<string, string> shards, List<SafetensorsFile> opened)
    {
        var files = opened.ToDictionary(file => Path.GetFileName(file.Path));
        List<string> faults =
        [
            .. shards.Where(entry => !files[entry.Value].Tensors.ContainsKey(entry.Key))
                .Select(entry => $"tensor {entry.Key} is not in {entry.Value}"),
            .. files.SelectMany(file => file.Value.Tensors.Keys.Where(name => shards.GetValueOrDefault(name) != file.Key)
                .Select(name => $"tensor {name} is in {file.Key}, and the index does not say so")),
        ];
        if (faults.Count > 0) throw new CheckpointException(index, faults);
    }
}
