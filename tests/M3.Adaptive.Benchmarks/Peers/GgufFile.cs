using System.Text;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>
/// Writes GGUF version 3: magic, counts, metadata, the tensors' names, shapes and places, then their bytes, each at a multiple of 32.
/// </summary>
internal static class GgufFile
{
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <param name="path">Overwritten.</param>
    /// <param name="metadata">Values are <see cref="uint"/>, <see cref="float"/> or <see cref="string"/>.</param>
    /// <param name="tensors">In the order in which they will lie.</param>
    public static void Write(string path, IReadOnlyList<(string Key, object Value)> metadata, IReadOnlyList<GgufTensor> tensors)
    {
        using var writer = new BinaryWriter(File.Create(path), Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata) WriteEntry(writer, key, value);

        var contents = tensors.Select(static tensor => tensor.Encode()).ToList();
        ulong offset = 0;
        foreach (var (tensor, content) in tensors.Zip(contents))
        {
            WriteText(writer, tensor.Name);
            writer.Write(tensor.Rows == 1 ? 1u : 2u);                             // dimensions, the innermost first
            writer.Write((ulong)tensor.Columns);
            if (tensor.Rows > 1) writer.Write((ulong)tensor.Rows);
            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += (ulong)Aligned(content.Length);
        }

        Pad(writer);
        foreach (var content in contents)
        {
            writer.Write(content);
            Pad(writer);
        }
    }

    private static void WriteEntry(BinaryWriter writer, string key, object value)
    {
        const uint uint32 = 4, float32 = 6, text = 8;
        WriteText(writer, key);
        switch (value)
        {
            case uint number:
                writer.Write(uint32);
                writer.Write(number);
                break;
            case float number:
                writer.Write(float32);
                writer.Write(number);
                break;
            case string words:
                writer.Write(text);
                WriteText(writer, words);
                break;
            default:
                throw new ArgumentException($"GGUF metadata '{key}' is of type {value.GetType()}: expected uint, float or string.", nameof(value));
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static long Aligned(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter writer)
    {
        var position = writer.Seek(0, SeekOrigin.Current);
        writer.Write(new byte[Aligned(position) - position]);
    }
}
