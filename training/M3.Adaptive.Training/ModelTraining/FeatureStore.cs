using System.Text.Json;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>What stage 2 needs of one picture besides its features.</summary>
internal sealed record StoredScene(string Kind, IReadOnlyList<Question> Questions, short[] PatchClass, sbyte[] CharacterIndex, bool[] Anchor, byte[] PatchRgb);

/// <summary>
/// Encoded vision features between the stages: fixed-size records of bfloat16 in <c>features.bin</c>, their scenes in
/// <c>scenes.jsonl</c>. Writing appends, so that it resumes; a scene counts once its line stands.
/// </summary>
internal sealed class FeatureStore : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _features;
    private readonly StreamWriter? _appending;
    private readonly List<StoredScene> _scenes;
    private readonly int _recordBytes;

    private FeatureStore(string folder, int patches, int width, bool append)
    {
        Directory.CreateDirectory(folder);
        (Patches, Width, _recordBytes) = (patches, width, patches * width * sizeof(ushort));
        var lines = Path.Combine(folder, "scenes.jsonl");
        _scenes = File.Exists(lines) ? [.. File.ReadLines(lines).AsParallel().AsOrdered().Select(line => JsonSerializer.Deserialize<StoredScene>(line)!)] : [];   // lines are written whole
        _features = File.OpenHandle(Path.Combine(folder, "features.bin"), FileMode.OpenOrCreate, append ? FileAccess.ReadWrite : FileAccess.Read);
        if (append) _appending = new StreamWriter(lines, append: true);
    }

    /// <exception cref="InvalidDataException">The folder holds no scenes, or those of an earlier release.</exception>
    public static FeatureStore Read(string folder, int patches, int width)
    {
        if (!File.Exists(Path.Combine(folder, "features.bin"))) throw new InvalidDataException($"{folder} holds no features: run train features.");
        var store = new FeatureStore(folder, patches, width, append: false);
        if (store.Scenes is [{ Anchor: not null }, ..]) return store;
        store.Dispose();
        throw new InvalidDataException($"{folder} holds no scenes, or such as have no anchors yet: delete the folder and run train features.");
    }

    public static FeatureStore Append(string folder, int patches, int width) => new(folder, patches, width, append: true);

    public int Patches { get; }

    public int Width { get; }

    public IReadOnlyList<StoredScene> Scenes => _scenes;

    /// <param name="features">[B, N, C] in bfloat16.</param>
    /// <param name="scenes">B scenes.</param>
    public void Add(Tensor features, IReadOnlyList<StoredScene> scenes)
    {
        if (_appending is null) throw new InvalidOperationException("The store was opened for reading.");
        using var flat = features.contiguous();
        RandomAccess.Write(_features, flat.bytes, (long)_scenes.Count * _recordBytes);
        foreach (var scene in scenes) _appending.WriteLine(JsonSerializer.Serialize(scene));
        _appending.Flush();
        _scenes.AddRange(scenes);
    }

    /// <summary>All features, [count, N, C], in the device's memory, from where picking some costs nothing; by parts, as a tensor's bytes are at most 2 GiB.</summary>
    public Tensor LoadAll(Device device)
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, _scenes.Count).Chunk(1_000).Select(part => Load(part).to(device)).ToArray();
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <returns>[B, N, C] in bfloat16</returns>
    public Tensor Load(IReadOnlyList<int> indices)
    {
        var features = empty([indices.Count, Patches, Width], ScalarType.BFloat16);
        var bytes = features.bytes;
        for (var b = 0; b < indices.Count; b++)
        {
            var record = bytes.Slice(b * _recordBytes, _recordBytes);
            var read = RandomAccess.Read(_features, record, (long)indices[b] * _recordBytes);
            if (read != _recordBytes) throw new InvalidDataException($"features.bin ends inside record {indices[b]}: delete the folder and encode again.");
        }

        return features;
    }

    public void Dispose()
    {
        _appending?.Dispose();
        _features.Dispose();
    }
}
