using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace M3.Adaptive.Benchmarks.Grpc;

/// <summary>
/// A client of one HTTP/2 connection that sends one request over and over and counts the answers that end. It costs next to
/// nothing beside the server in the same process, so that what is measured is the server.
/// </summary>
internal sealed class Http2Driver : IDisposable
{
    private const int FrameHeader = 9;
    private const int MaxFrame = 16 * 1024;
    private const int InitialWindow = 65_535;
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, EndHeaders = 4, Ack = 1;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[256 * 1024];
    private readonly MemoryStream _toSend = new();
    private readonly Queue<(int Stream, int Sent)> _blocked = new(); // requests that wait for the connection's window
    private readonly byte[] _head;
    private readonly byte[] _body;
    private int _receivedBytes;
    private int _nextStream = 1;
    private int _unacknowledged;
    private long _window = InitialWindow;

    /// <param name="port">Of a server on loopback.</param>
    /// <param name="path">Of every request.</param>
    /// <param name="body">Of every request.</param>
    public Http2Driver(int port, string path, byte[] body)
    {
        _head = Encode((":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"));
        _body = body;
        _socket.Connect(IPAddress.Loopback, port);
        _toSend.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        WriteFrame(Settings, 0, 0, [0, 4, 0x7F, 0xFF, 0xFF, 0xFF]); // our windows never close
        WriteFrame(WindowUpdate, 0, 0, Number(int.MaxValue - InitialWindow));
    }

    /// <summary>Makes that many calls, so many at once.</summary>
    /// <exception cref="InvalidOperationException">The server reset a stream or closed the connection.</exception>
    public async Task RunAsync(int calls, int concurrency)
    {
        var (started, ended) = (0, 0);
        while (started < Math.Min(concurrency, calls)) StartCall(ref started);
        while (ended < calls)
        {
            await SendAsync();
            var read = await _socket.ReceiveAsync(_received.AsMemory(_receivedBytes));
            if (read == 0) throw new InvalidOperationException("The server closed the connection.");
            _receivedBytes += read;
            var finished = HandleFrames();
            ended += finished;
            for (; finished > 0 && started < calls; finished--) StartCall(ref started);
        }

        await SendAsync();
    }

    public void Dispose() => _socket.Dispose();

    private void StartCall(ref int started)
    {
        started++;
        WriteFrame(Headers, EndHeaders, _nextStream, _head);
        _blocked.Enqueue((_nextStream, 0));
        _nextStream += 2;
        SendBodies();
    }

    private void SendBodies()
    {
        while (_blocked.TryPeek(out var next))
        {
            var size = (int)Math.Min(Math.Min(MaxFrame, _window), _body.Length - next.Sent);
            if (size == 0) return;
            var last = next.Sent + size == _body.Length;
            WriteFrame(Data, last ? EndStream : (byte)0, next.Stream, _body.AsSpan(next.Sent, size));
            _window -= size;
            _blocked.Dequeue();
            if (last) continue;
            var rest = _blocked.ToArray();
            _blocked.Clear();
            _blocked.Enqueue((next.Stream, next.Sent + size));
            foreach (var other in rest) _blocked.Enqueue(other);
        }
    }

    private async Task SendAsync()
    {
        if (_toSend.Length == 0) return;
        var bytes = _toSend.GetBuffer().AsMemory(0, (int)_toSend.Length);
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
        _toSend.SetLength(0);
    }

    private int HandleFrames()
    {
        var (at, finished) = (0, 0);
        while (_receivedBytes - at >= FrameHeader)
        {
            var header = _received.AsSpan(at, FrameHeader);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (_receivedBytes - at < FrameHeader + length) break;
            finished += Handle(header[3], header[4], _received.AsSpan(at + FrameHeader, length));
            at += FrameHeader + length;
        }

        _received.AsSpan(at, _receivedBytes - at).CopyTo(_received);
        _receivedBytes -= at;
        return finished;
    }

    /// <summary>One if the frame ended a call, else zero.</summary>
    private int Handle(byte type, byte flags, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Data:
                _unacknowledged += payload.Length;
                if (_unacknowledged > 1 << 28)
                {
                    WriteFrame(WindowUpdate, 0, 0, Number(_unacknowledged));
                    _unacknowledged = 0;
                }

                return flags & EndStream;
            case Headers:
                return flags & EndStream;
            case Settings when (flags & Ack) == 0:
                WriteFrame(Settings, Ack, 0, []);
                return 0;
            case Ping when (flags & Ack) == 0:
                WriteFrame(Ping, Ack, 0, payload);
                return 0;
            case WindowUpdate:
                // Bodies are smaller than a stream's window: only the connection's can close.
                _window += BinaryPrimitives.ReadInt32BigEndian(payload);
                SendBodies();
                return 0;
            case Reset or GoAway:
                throw new InvalidOperationException($"The server sent frame type {type}.");
            default:
                return 0;
        }
    }

    private void WriteFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        _toSend.Write(header);
        _toSend.Write(payload);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    // HPACK, literals without indexing: every request is the same bytes.
    private static byte[] Encode(params (string Name, string Value)[] fields)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            foreach (var text in (string[])[name, value])
            {
                block.WriteByte((byte)text.Length); // all shorter than 127
                block.Write(Encoding.ASCII.GetBytes(text));
            }
        }

        return block.ToArray();
    }
}
