using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// One safetensors file, mapped into memory. Opening reads the header only; each tensor's bytes are mapped while they are
/// looked at. The file must not shrink while it is open. Safe for concurrent use until disposed.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>Longest header that is read, in bytes; the format's own limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const int LengthBytes = 8;

    private readonly MemoryMappedFile _file;

    private SafetensorsFile(string path, MemoryMappedFile file, long length, long dataStart, TensorEntry[] entries)
    {
        (Path, ByteCount, _file) = (path, length, file);
        Tensors = entries.ToDictionary(entry => entry.Name, entry => new TensorView(path, file, dataStart, entry));
    }

    public string Path { get; }

    /// <summary>Size of the file, header included.</summary>
    public long ByteCount { get; }

    /// <summary>The tensors by the names in the file.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors { get; }

    /// <summary>The tensor with this name.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public TensorView this[string name] =>
        Tensors.TryGetValue(name, out var tensor) ? tensor : throw new CheckpointException(Path, $"there is no tensor {name}");

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="CheckpointException">The file is missing, cut or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, "there is no such file");
        GitLfsPointer.Refuse(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        MemoryMappedFile? file = null;
        try
        {
            var length = stream.Length;         // of the open file: a path may be a link, whose own length says nothing
            if (length < LengthBytes)
                throw new CheckpointException(path, $"the file has {length} bytes: a safetensors file begins with {LengthBytes} bytes of length");
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            var headerBytes = HeaderBytes(path, file, length);
            using var header = new MappedBytes(file, LengthBytes, headerBytes);
            var dataStart = LengthBytes + headerBytes;
            return new SafetensorsFile(path, file, length, dataStart, SafetensorsHeader.Parse(path, header.Bytes, length - dataStart));
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static int HeaderBytes(string path, MemoryMappedFile file, long length)
    {
        using var front = new MappedBytes(file, 0, LengthBytes);
        var stated = BinaryPrimitives.ReadUInt64LittleEndian(front.Bytes);
        if (stated > MaxHeaderBytes)
        {
            throw new CheckpointException(
                path, $"the header claims {stated} bytes, and at most {MaxHeaderBytes} are read: this is no safetensors file");
        }

        if (stated > (ulong)(length - LengthBytes))
            throw new CheckpointException(path, $"the header claims {stated} bytes, and the file holds {length - LengthBytes}: it is cut");
        return (int)stated;
    }
}
