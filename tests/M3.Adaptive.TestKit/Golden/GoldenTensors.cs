using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace M3.Adaptive.TestKit.Golden;

/// <summary>The expected tensors of one safetensors file of the golden folder, read without the product's own reader.</summary>
public sealed class GoldenTensors
{
    private static readonly ConcurrentDictionary<string, GoldenTensors> Opened = new();

    private readonly byte[] _bytes;
    private readonly int _data;
    private readonly Dictionary<string, Entry> _entries = [];

    private GoldenTensors(string path)
    {
        _bytes = File.ReadAllBytes(path);
        var header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(_bytes));
        _data = sizeof(ulong) + header;
        using var document = JsonDocument.Parse(_bytes.AsMemory(sizeof(ulong), header));
        foreach (var property in document.RootElement.EnumerateObject().Where(static property => property.Name != "__metadata__"))
        {
            var offsets = property.Value.GetProperty("data_offsets");
            _entries[property.Name] = new Entry(
                property.Value.GetProperty("dtype").GetString(),
                [.. property.Value.GetProperty("shape").EnumerateArray().Select(static length => length.GetInt64())],
                offsets[0].GetInt32(), offsets[1].GetInt32());
        }
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <param name="relativePath">Below the golden folder.</param>
    public static GoldenTensors Open(string relativePath) => Opened.GetOrAdd(GoldenFolder.Index.PathOf(relativePath), static path => new(path));

    public bool Contains(string name) => _entries.ContainsKey(name);

    public long[] Shape(string name) => _entries[name].Shape;

    public float[] Floats(string name) => Read<float>(name, "F32");

    public long[] Integers(string name) => Read<long>(name, "I64");

    public byte[] Bytes(string name) => Read<byte>(name, "U8");

    private T[] Read<T>(string name, string type)
        where T : unmanaged
    {
        if (!_entries.TryGetValue(name, out var entry)) throw new KeyNotFoundException($"No golden tensor {name}.");
        if (entry.Type != type) throw new InvalidDataException($"Golden tensor {name} is {entry.Type}, not {type}.");
        return MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_data + entry.From, entry.To - entry.From)).ToArray();
    }

    private sealed record Entry(string? Type, long[] Shape, int From, int To);
}
