using System.Buffers.Binary;

namespace InteropHost;

/// <summary>Notes the compression flag of each message in a stream of frames that somebody else reads. One thread feeds it.</summary>
internal sealed class FrameFlags
{
    private readonly Queue<bool> _compressed = new();
    private readonly byte[] _header = new byte[5];
    private int _headerBytes;
    private long _payloadBytes;

    /// <summary>Whether the next message, in the order they came, was compressed.</summary>
    public bool Next() => _compressed.Dequeue();

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadBytes > 0)
            {
                var skipped = (int)Math.Min(_payloadBytes, bytes.Length);
                _payloadBytes -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes < _header.Length) continue;
            _compressed.Enqueue(_header[0] == 1);
            _payloadBytes = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
            _headerBytes = 0;
        }
    }
}
