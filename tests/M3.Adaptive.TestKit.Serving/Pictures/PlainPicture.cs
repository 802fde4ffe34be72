using System.Buffers.Binary;
using System.IO.Compression;

namespace M3.Adaptive.TestKit.Serving.Pictures;

/// <summary>Square pictures of one colour: as good as any for a test that is not about what is seen.</summary>
public static class PlainPicture
{
    /// <summary>A PNG file.</summary>
    public static byte[] Png(byte red, byte green, byte blue, int side = 32)
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = [0, .. Enumerable.Repeat((byte[])[red, green, blue], side).SelectMany(pixel => pixel)]; // 0: the row is not filtered
            for (var y = 0; y < side; y++) deflate.Write(row);
        }

        byte[] header = [.. Int32(side), .. Int32(side), 8, 2, 0, 0, 0];           // 8 bits, RGB
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] named = [.. type, .. data];
        return [.. Int32(data.Length), .. named, .. Int32((int)Crc(named))];
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
