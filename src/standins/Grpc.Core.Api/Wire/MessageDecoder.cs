using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>
/// Cuts messages out of received bytes: one flag byte, four bytes of big-endian length, the message.
/// Holds the rules only; whoever reads the bytes calls it with all that is not yet consumed.
/// </summary>
internal sealed class MessageDecoder(string? encoding, int? maxMessageSize) : DeserializationContext
{
    public const int HeaderBytes = 5;

    private readonly int _limit = maxMessageSize ?? int.MaxValue;
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    /// <summary>Takes the next message off the front of <paramref name="buffer"/>; false when more bytes are needed.</summary>
    /// <exception cref="RpcException">The bytes are no acceptable message; the stream cannot be read on.</exception>
    public bool TryRead<T>(ref ReadOnlySequence<byte> buffer, Func<DeserializationContext, T> deserializer, out T? message)
    {
        message = default;
        if (buffer.Length < HeaderBytes) return false;
        var header = buffer.FirstSpan;
        if (header.Length < HeaderBytes) header = buffer.Slice(0, HeaderBytes).ToArray(); // cut by a block's end: rare
        if (header[0] > 1) throw MessageFaults.BadFlag(header[0]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..HeaderBytes]); // unsigned: a claim of 4 GiB is no negative number
        if (length > (uint)_limit) throw MessageFaults.TooLarge(_limit);
        var compression = header[0] == 1 ? FindCompression() : null;
        if (buffer.Length - HeaderBytes < length) return false;

        var payload = buffer.Slice(HeaderBytes, length);
        if (compression is null)
        {
            message = Deserialize(payload, deserializer);
        }
        else
        {
            using var inflated = new PooledBuffer();
            compression.Decompress(payload, inflated, _limit);
            message = Deserialize(new ReadOnlySequence<byte>(inflated.Written), deserializer);
        }

        buffer = buffer.Slice(payload.End);
        return true;
    }

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    private Compression FindCompression() => encoding is null or Compression.Identity
        ? throw MessageFaults.NoEncoding()
        : Compression.Find(encoding) ?? throw MessageFaults.UnknownEncoding(encoding);

    private T Deserialize<T>(ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserializer)
    {
        _payload = payload;
        try
        {
            return deserializer(this) ?? throw MessageFaults.Undecodable();
        }
        catch (Exception exception) when (exception is not RpcException) // a marshaller is foreign code: whatever it throws, the bytes were wrong
        {
            throw MessageFaults.Undecodable();
        }
        finally
        {
            _payload = default;
        }
    }
}
