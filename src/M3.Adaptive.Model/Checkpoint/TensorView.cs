using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>A tensor in an open file: its description, and its bytes on request. Valid until the file is disposed.</summary>
public sealed class TensorView
{
    private const int WindowElements = 1 << 20;

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly long _offset;

    internal TensorView(string path, MemoryMappedFile file, long dataStart, TensorEntry entry)
    {
        (_path, _file, _offset) = (path, file, dataStart + entry.Begin);
        (Name, Type, Shape, ByteCount) = (entry.Name, entry.Type, entry.Shape, entry.End - entry.Begin);
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    public TensorType Type { get; }

    /// <summary>Extent of each dimension; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    public long ByteCount { get; }

    public long ElementCount => ByteCount / Type.Size();

    /// <summary>Name of the file that holds it.</summary>
    public string FileName => Path.GetFileName(_path);

    /// <summary>Type and shape as messages show them, for example <c>BF16 [64, 48]</c>.</summary>
    public string Description => $"{Type.SafetensorsName()} [{string.Join(", ", Shape)}]";

    /// <summary>Whether the bytes begin at a multiple of so many, in the file and so in memory.</summary>
    public bool IsAligned(int bytes) => _offset % bytes == 0;

    /// <summary>Maps all bytes; they leave memory again when the result is disposed.</summary>
    /// <exception cref="CheckpointException">The tensor has 2 GiB or more.</exception>
    public MappedBytes Map()
    {
        if (ByteCount > int.MaxValue)
            throw new CheckpointException(_path, $"tensor {Name} has {ByteCount} bytes, and at most {int.MaxValue} are mapped at once");
        return Map(0, (int)ByteCount);
    }

    /// <summary>Maps some of the bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie in the tensor.</exception>
    public MappedBytes Map(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteCount - length);
        return new MappedBytes(_file, _offset + offset, length);
    }

    /// <summary>
    /// Writes all elements as another float type, or as they are. Only a small window of the file is in memory at a time, so
    /// that filling the parameters of a model takes hardly more than the parameters.
    /// </summary>
    /// <exception cref="ArgumentException">The target has another number of elements.</exception>
    public void CopyTo(TensorType type, Span<byte> target)
    {
        if (target.Length != ElementCount * type.Size())
        {
            throw new ArgumentException(
                $"Tensor {Name} ({Description}) takes {ElementCount * type.Size()} bytes as {type}, not {target.Length}.", nameof(target));
        }

        var floats = type == Type || type == TensorType.Float32 ? [] : new float[Math.Min(WindowElements, ElementCount)];
        for (long at = 0; at < ElementCount; at += WindowElements)
        {
            var count = (int)Math.Min(WindowElements, ElementCount - at);
            using var mapped = Map(at * Type.Size(), count * Type.Size());
            Convert(mapped.Bytes, type, target.Slice((int)at * type.Size(), count * type.Size()), floats.AsSpan(0, Math.Min(count, floats.Length)));
        }
    }

    /// <summary>All elements of a float tensor, widened exactly.</summary>
    /// <exception cref="CheckpointException">The tensor is not of a float type.</exception>
    public float[] ToFloats()
    {
        if (!Type.IsFloat()) throw new CheckpointException(_path, $"tensor {Name} is {Description}: expected floats");
        var values = GC.AllocateUninitializedArray<float>(checked((int)ElementCount));
        CopyTo(TensorType.Float32, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private void Convert(ReadOnlySpan<byte> source, TensorType type, Span<byte> target, Span<float> floats)
    {
        if (type == Type)
        {
            source.CopyTo(target);
        }
        else if (type == TensorType.Float32)
        {
            FloatConversion.ToSingle(Type, source, MemoryMarshal.Cast<byte, float>(target));
        }
        else
        {
            FloatConversion.ToSingle(Type, source, floats);
            FloatConversion.FromSingle(type, floats, target);
        }
    }
}
