using System.Buffers.Binary;

namespace M3.Adaptive.Model.Imaging;

/// <summary>Finds a chunk of a PNG file; lengths in the file are not trusted.</summary>
internal static class PngChunks
{
    private const int SignatureBytes = 8;
    private const int HeadBytes = 8;            // length and type
    private const int ChecksumBytes = 4;

    /// <summary>Data of the first chunk of this type that stands before the picture's data; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        var rest = file[SignatureBytes..];
        while (rest.Length >= HeadBytes)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var found = rest.Slice(4, 4);
            if (length > rest.Length - HeadBytes || found.SequenceEqual("IDAT"u8)) return [];
            if (found.SequenceEqual(type)) return rest.Slice(HeadBytes, (int)length);
            var next = HeadBytes + (long)length + ChecksumBytes;
            if (next > rest.Length) return [];
            rest = rest[(int)next..];
        }

        return [];
    }
}
