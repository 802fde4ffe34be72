using System.Buffers.Binary;
using System.Text.Json;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Gives a tensor's elements in order when asked; the span may be reused once the next tensor is asked for.</summary>
public delegate ReadOnlySpan<float> TensorValues();

/// <summary>A tensor to write.</summary>
public sealed record TensorSource(string Name, TensorType Type, IReadOnlyList<long> Shape, TensorValues Values);

/// <summary>
/// Writes safetensors files: the same tensors always give the same bytes, whatever order they come in. Tensors are asked for
/// one after the other, so that no second copy of the model is made.
/// </summary>
public static class SafetensorsWriter
{
    private const int ChunkElements = 1 << 16;
    private const int Alignment = 8;

    /// <summary>Writes the file beside its place and moves it there when it is complete and on disk.</summary>
    /// <exception cref="ArgumentException">A name occurs twice, a type is no float, or the values do not fill the shape.</exception>
    public static void Write(string path, IEnumerable<TensorSource> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        // Larger elements first keeps every tensor aligned; then by name.
        TensorSource[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        var header = Header(ordered);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in ordered) WriteValues(stream, tensor);
        });
    }

    private static byte[] Header(TensorSource[] tensors)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");             // readers elsewhere insist on it
            writer.WriteEndObject();
            var names = new HashSet<string>();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name)) throw new ArgumentException($"Tensor {tensor.Name} is given twice.", nameof(tensors));
                var end = checked(at + (Elements(tensor) * tensor.Type.Size()));
                WriteEntry(writer, tensor, at, end);
                at = end;
            }

            writer.WriteEndObject();
        }

        while (json.Length % Alignment != 0) json.WriteByte((byte)' ');
        return json.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorSource tensor, long begin, long end)
    {
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.Type.SafetensorsName());
        writer.WriteStartArray("shape");
        foreach (var extent in tensor.Shape) writer.WriteNumberValue(extent);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteValues(Stream stream, TensorSource tensor)
    {
        var values = tensor.Values();
        if (values.Length != Elements(tensor))
        {
            throw new ArgumentException(
                $"Tensor {tensor.Name} [{string.Join(", ", tensor.Shape)}] was given {values.Length} values.", nameof(tensor));
        }

        var bytes = new byte[Math.Min(ChunkElements, values.Length) * tensor.Type.Size()];
        for (; !values.IsEmpty; values = values[Math.Min(ChunkElements, values.Length)..])
        {
            var chunk = values[..Math.Min(ChunkElements, values.Length)];
            var target = bytes.AsSpan(0, chunk.Length * tensor.Type.Size());
            FloatConversion.FromSingle(tensor.Type, chunk, target);
            stream.Write(target);
        }
    }

    private static long Elements(TensorSource tensor) => tensor.Shape.Aggregate(1L, (product, extent) => checked(product * extent));
}
