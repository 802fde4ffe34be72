using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace M3.Adaptive.TestKit.Serving.Checkpoints;

/// <summary>Writes safetensors files, apart from the product's own code, so that the two check each other.</summary>
public static class SafetensorsFile
{
    /// <summary>Eight bytes of header length, the header as JSON, then the values, f32 little-endian, in the given order.</summary>
    public static void Write(string path, IEnumerable<StoredTensor> tensors)
    {
        var all = tensors.ToList();
        var header = new Dictionary<string, object>();
        long offset = 0;
        foreach (var tensor in all)
        {
            var end = offset + (tensor.Values.Length * sizeof(float));
            header[tensor.Name] = new { dtype = "F32", shape = tensor.Shape, data_offsets = (long[])[offset, end] };
            offset = end;
        }

        using var file = File.Create(path);
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        file.Write(length);
        file.Write(json);
        foreach (var tensor in all) file.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
    }
}
