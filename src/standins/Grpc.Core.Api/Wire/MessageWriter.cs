using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>
/// Frames and writes messages, one after the other. A message whose length its serializer announces goes straight into
/// the target, a small one together with its header as one piece; others, and compressed ones, pass through a pooled buffer.
/// </summary>
internal sealed class MessageWriter(int? maxMessageSize) : SerializationContext, IBufferWriter<byte>
{
    private enum Mode { Idle, Open, Direct, Buffered, Complete }

    private const int LargestPiece = 2048;       // half a block of the usual memory pool

    private IBufferWriter<byte>? _target;
    private Memory<byte> _piece;                 // header and message, advanced over when the message is complete
    private PooledBuffer? _buffer;
    private Mode _mode;
    private bool _compressing;
    private int? _announced;
    private long _written;

    /// <summary>True once part of a message has reached the target and the rest never will: the stream must be reset.</summary>
    public bool IsTorn { get; private set; }

    private IBufferWriter<byte> Target => _target ?? throw new InvalidOperationException("No message is being written.");

    /// <summary>Writes one message, compressed if an encoding is given and the message is not empty.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the message is larger than the limit.</exception>
    public void Write<T>(
        IBufferWriter<byte> target, T message, Action<T, SerializationContext> serializer,
        Compression? compression = null, CompressionLevel level = CompressionLevel.Fastest)
    {
        (_target, _mode, _compressing, _announced, _written) = (target, Mode.Open, compression is not null, null, 0);
        try
        {
            serializer(message, this);
            if (_mode != Mode.Complete) throw new InvalidOperationException("The serializer did not complete its message.");
            if (_buffer is not null) WriteBuffered(_buffer, compression, level);
        }
        catch when (_mode == Mode.Direct && _piece.IsEmpty)
        {
            IsTorn = true;
            throw;
        }
        finally
        {
            _buffer?.Dispose();
            (_target, _buffer, _piece, _mode) = (null, null, default, Mode.Idle);
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        CheckLimit(payloadLength);
        _announced = payloadLength;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        Expect(Mode.Open);
        CheckLimit(payload.Length);
        if (_compressing)
        {
            (_buffer = new PooledBuffer()).Write(payload);
        }
        else
        {
            WriteHeader(0, payload.Length);
            Target.Write(payload);
        }

        _mode = Mode.Complete;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_mode is Mode.Direct or Mode.Buffered) return this;
        Expect(Mode.Open);
        if (_announced is { } length && !_compressing)
        {
            _mode = Mode.Direct;
            if (length is > 0 and <= LargestPiece) OpenPiece(length);
            else WriteHeader(0, length);
        }
        else
        {
            _mode = Mode.Buffered;
            _buffer = new PooledBuffer();
        }

        return this;
    }

    public override void Complete()
    {
        if (_mode == Mode.Open) GetBufferWriter(); // a message of zero bytes needs no writer
        if (_mode == Mode.Direct && _written != _announced)
            throw new InvalidOperationException($"The serializer announced {_announced} bytes and wrote {_written}.");
        if (_mode is not (Mode.Direct or Mode.Buffered)) Expect(Mode.Direct);
        if (!_piece.IsEmpty) Target.Advance(_piece.Length);
        _mode = Mode.Complete;
    }

    public void Advance(int count)
    {
        if (_piece.IsEmpty) Sink.Advance(count);
        else ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rest.Length);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_piece.IsEmpty) return Sink.GetMemory(sizeHint);
        return Math.Max(sizeHint, 1) <= Rest.Length
            ? Rest
            : throw new InvalidOperationException($"The serializer announced {_announced} bytes and asked for room for more.");
    }

    public Span<byte> GetSpan(int sizeHint = 0) => _piece.IsEmpty ? Sink.GetSpan(sizeHint) : GetMemory(sizeHint).Span;

    private IBufferWriter<byte> Sink => _buffer ?? Target;

    private Memory<byte> Rest => _piece[(MessageDecoder.HeaderBytes + (int)_written)..];

    private void OpenPiece(int length)
    {
        _piece = Target.GetMemory(MessageDecoder.HeaderBytes + length)[..(MessageDecoder.HeaderBytes + length)];
        SetHeader(_piece.Span, 0, length);
    }

    private void WriteBuffered(PooledBuffer message, Compression? compression, CompressionLevel level)
    {
        CheckLimit(message.Length);
        if (compression is null || message.Length == 0) // nothing at all is no valid gzip
        {
            WriteHeader(0, message.Length);
            Target.Write(message.Written.Span);
            return;
        }

        using var compressed = new PooledBuffer();
        compression.Compress(message.Written, compressed, level);
        WriteHeader(1, compressed.Length);
        Target.Write(compressed.Written.Span);
    }

    private void WriteHeader(byte flag, int length)
    {
        SetHeader(Target.GetSpan(MessageDecoder.HeaderBytes), flag, length);
        Target.Advance(MessageDecoder.HeaderBytes);
    }

    private static void SetHeader(Span<byte> header, byte flag, int length)
    {
        header[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }

    private void CheckLimit(int length)
    {
        if (length > maxMessageSize) throw MessageFaults.TooLargeToSend(maxMessageSize.Value);
    }

    private void Expect(Mode mode)
    {
        if (_mode != mode) throw new InvalidOperationException($"The serializer called its context out of order: it is {_mode}.");
    }
}
