using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>A message encoding: gzip (RFC 1952), or deflate, which in gRPC is the zlib format (RFC 1950).</summary>
internal abstract class Compression
{
    public const string Identity = "identity";

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public const string Supported = "identity,gzip,deflate";

    private const int ChunkBytes = 16 * 1024;

    private Compression(string name) => Name = name;

    public static Compression Gzip { get; } = new GzipFormat();

    public static Compression Deflate { get; } = new ZlibFormat();

    /// <summary>The name in <c>grpc-encoding</c>.</summary>
    public string Name { get; }

    /// <summary>The encoding of that name; null when it is not supported, identity included.</summary>
    public static Compression? Find(string? name) => name switch
    {
        "gzip" => Gzip,
        "deflate" => Deflate,
        _ => null,
    };

    /// <summary>Whether a <c>grpc-accept-encoding</c> header names this encoding.</summary>
    public bool IsIn(ReadOnlySpan<char> acceptEncoding)
    {
        foreach (var range in acceptEncoding.Split(','))
            if (acceptEncoding[range].Trim().SequenceEqual(Name))
                return true;
        return false;
    }

    public void Compress(ReadOnlyMemory<byte> message, PooledBuffer output, CompressionLevel level)
    {
        using var stream = OpenWrite(new BufferStream(output), level);
        stream.Write(message.Span);
    }

    /// <summary>
    /// Inflates one message. The framework's streams take a cut input for its end, so the length or check value
    /// that the format ends with is compared with what came out.
    /// </summary>
    /// <exception cref="RpcException">INTERNAL: not a whole message of this format. RESOURCE_EXHAUSTED: larger than <paramref name="limit"/>.</exception>
    public void Decompress(ReadOnlySequence<byte> message, PooledBuffer output, int limit)
    {
        try
        {
            using var stream = OpenRead(new SequenceStream(message));
            int read;
            do
            {
                // The loop is bounded, not its result: one byte above the limit ends it.
                var chunk = output.GetSpan(ChunkBytes)[..(int)Math.Min(ChunkBytes, (long)limit + 1 - output.Length)];
                read = stream.Read(chunk);
                output.Advance(read);
                if (output.Length > limit) throw MessageFaults.TooLarge(limit);
            }
            while (read > 0);
        }
        catch (InvalidDataException)
        {
            throw MessageFaults.BadCompression(Name);
        }

        Span<byte> tail = stackalloc byte[4];
        if (message.Length < MinBytes) throw MessageFaults.BadCompression(Name);
        message.Slice(message.Length - tail.Length).CopyTo(tail);
        if (!EndsWhole(tail, output.Written.Span)) throw MessageFaults.BadCompression(Name);
    }

    protected abstract int MinBytes { get; }

    protected abstract Stream OpenRead(Stream source);

    protected abstract Stream OpenWrite(Stream target, CompressionLevel level);

    protected abstract bool EndsWhole(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> inflated);

    private sealed class GzipFormat() : Compression("gzip")
    {
        protected override int MinBytes => 18;

        protected override Stream OpenRead(Stream source) => new GZipStream(source, CompressionMode.Decompress);

        protected override Stream OpenWrite(Stream target, CompressionLevel level) => new GZipStream(target, level);

        protected override bool EndsWhole(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> inflated) =>
            BinaryPrimitives.ReadUInt32LittleEndian(tail) == (uint)inflated.Length;
    }

    private sealed class ZlibFormat() : Compression("deflate")
    {
        protected override int MinBytes => 8;

        protected override Stream OpenRead(Stream source) => new ZLibStream(source, CompressionMode.Decompress);

        protected override Stream OpenWrite(Stream target, CompressionLevel level) => new ZLibStream(target, level);

        protected override bool EndsWhole(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> inflated) =>
            BinaryPrimitives.ReadUInt32BigEndian(tail) == Adler32(inflated);

        private static uint Adler32(ReadOnlySpan<byte> bytes)
        {
            const int Modulus = 65521, Stride = 5552; // the longest run whose sums fit in 32 bits
            uint a = 1, b = 0;
            while (!bytes.IsEmpty)
            {
                var run = bytes[..Math.Min(Stride, bytes.Length)];
                foreach (var x in run) b += a += x;
                (a, b) = (a % Modulus, b % Modulus);
                bytes = bytes[run.Length..];
            }

            return (b << 16) | a;
        }
    }

    /// <summary>Lets a compressing stream write into a buffer.</summary>
    private sealed class BufferStream(PooledBuffer output) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));
    }
}
