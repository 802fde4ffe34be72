using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

/// <summary>
/// Random streams of frames, right and wrong, cut anywhere, through the reader. The oracle reads the whole stream at once with
/// code of its own, checks gzip by its CRC-32 and zlib by its Adler-32, and says which messages and which end to expect.
/// </summary>
public class FrameFuzzTests
{
    private const int Cases = 100_000;
    private const int Limit = 300;

    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var c = (uint)i;
        for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    private enum End { Clean, Internal, TooLarge, Unimplemented }

    [Fact]
    public async Task ReadAsync_RandomStreams_MatchTheOracle()
    {
        var ends = new int[4];
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var encoding = new[] { null, "identity", "gzip", "gzip", "deflate", "br" }[random.Next(6)];
            var stream = Stream(random, encoding);

            var (wanted, wantedEnd) = Oracle(stream, encoding);
            var (actual, actualEnd) = await ReadAsync(stream, encoding, random);

            Assert.True(wantedEnd == actualEnd, $"seed {seed}: expected {wantedEnd}, got {actualEnd}");
            Assert.True(wanted.Count == actual.Count && wanted.Zip(actual).All(pair => pair.First.SequenceEqual(pair.Second)), $"seed {seed}: other messages");
            ends[(int)wantedEnd]++;
        }

        Assert.All(ends, count => Assert.True(count > Cases / 100, $"The cases are lopsided: {string.Join(", ", ends)}")); // each end is met often
    }

    private static byte[] Stream(Random random, string? encoding)
    {
        var stream = new MemoryStream();
        for (var frames = random.Next(4); frames > 0; frames--)
        {
            var message = new byte[random.Next(8) == 0 ? random.Next(Limit - 3, Limit + 4) : random.Next(60)];
            if (random.Next(2) == 0) random.NextBytes(message); // else zeros, which inflate a hundredfold
            var compress = encoding is "gzip" or "deflate" && random.Next(2) == 0;
            var payload = compress ? Compressed(message, encoding == "gzip") : message;
            if (compress && random.Next(4) == 0) payload = Damaged(payload, random);
            var flag = random.Next(40) == 0 ? (byte)random.Next(256) : (byte)(compress || random.Next(encoding == "br" ? 4 : 30) == 0 ? 1 : 0);
            var length = random.Next(40) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)payload.Length;
            var header = new byte[5];
            header[0] = flag;
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), length);
            stream.Write(header);
            stream.Write(payload);
        }

        var bytes = stream.ToArray();
        return random.Next(6) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static byte[] Compressed(byte[] message, bool gzip)
    {
        var output = new MemoryStream();
        using (Stream compressor = gzip ? new GZipStream(output, CompressionLevel.Fastest) : new ZLibStream(output, CompressionLevel.Fastest))
            compressor.Write(message);
        return output.ToArray();
    }

    private static byte[] Damaged(byte[] payload, Random random)
    {
        if (payload.Length == 0 || random.Next(2) == 0) return payload[..random.Next(payload.Length + 1)];
        payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
        return payload;
    }

    private static async Task<(List<byte[]> Messages, End End)> ReadAsync(byte[] stream, string? encoding, Random random)
    {
        // Everything runs on this thread: each flush runs the reader until it wants more.
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, minimumSegmentSize: 16, useSynchronizationContext: false));
        var reading = ReadAllAsync(new MessageReader(pipe.Reader, new MessageDecoder(encoding, Limit)));
        for (var at = 0; at < stream.Length;)
        {
            var chunk = Math.Min(random.Next(1, 1 + (random.Next(2) == 0 ? 8 : 400)), stream.Length - at);
            await pipe.Writer.WriteAsync(stream.AsMemory(at, chunk));
            at += chunk;
        }

        await pipe.Writer.CompleteAsync();
        return await reading;
    }

    private static async Task<(List<byte[]> Messages, End End)> ReadAllAsync(MessageReader reader)
    {
        var messages = new List<byte[]>();
        try
        {
            while (await reader.ReadAsync(context => context.PayloadAsNewBuffer()) is { } message) messages.Add(message);
            return (messages, End.Clean);
        }
        catch (RpcException exception)
        {
            return (messages, exception.StatusCode switch
            {
                StatusCode.Internal => End.Internal,
                StatusCode.ResourceExhausted => End.TooLarge,
                StatusCode.Unimplemented => End.Unimplemented,
                _ => throw new InvalidOperationException("A status that no wrong frame has.", exception),
            });
        }
    }

    private static (List<byte[]> Messages, End End) Oracle(byte[] stream, string? encoding)
    {
        var messages = new List<byte[]>();
        for (var at = 0; ;)
        {
            var rest = stream[at..];
            if (rest.Length == 0) return (messages, End.Clean);
            if (rest.Length < 5) return (messages, End.Internal);
            if (rest[0] > 1) return (messages, End.Internal);
            var length = ((long)rest[1] << 24) | ((long)rest[2] << 16) | ((long)rest[3] << 8) | rest[4];
            if (length > Limit) return (messages, End.TooLarge);
            if (rest[0] == 1 && encoding is (null or "identity")) return (messages, End.Internal);
            if (rest[0] == 1 && encoding == "br") return (messages, End.Unimplemented);
            if (rest.Length - 5 < length) return (messages, End.Internal);
            var payload = rest[5..(5 + (int)length)];
            if (rest[0] == 1)
            {
                var (inflated, end) = Inflate(payload, encoding == "gzip");
                if (end != End.Clean) return (messages, end);
                payload = inflated;
            }

            messages.Add(payload);
            at += 5 + (int)length;
        }
    }

    private static (byte[] Inflated, End End) Inflate(byte[] payload, bool gzip)
    {
        var output = new MemoryStream();
        try
        {
            using Stream inflater = gzip
                ? new GZipStream(new MemoryStream(payload), CompressionMode.Decompress)
                : new ZLibStream(new MemoryStream(payload), CompressionMode.Decompress);
            int next;
            while ((next = inflater.ReadByte()) >= 0)
            {
                output.WriteByte((byte)next);
                if (output.Length > Limit) return ([], End.TooLarge);
            }
        }
        catch (InvalidDataException)
        {
            return ([], End.Internal);
        }

        var bytes = output.ToArray();
        if (payload.Length < (gzip ? 18 : 8)) return ([], End.Internal);
        var whole = gzip
            ? BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(payload.Length - 8)) == Crc32(bytes)
                && BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(payload.Length - 4)) == bytes.Length
            : BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(payload.Length - 4)) == Adler32(bytes);
        return whole ? (bytes, End.Clean) : ([], End.Internal);
    }

    private static uint Crc32(byte[] bytes) => ~bytes.Aggregate(~0u, (crc, b) => Crc[(byte)(crc ^ b)] ^ (crc >> 8));

    private static uint Adler32(byte[] bytes)
    {
        uint a = 1, b = 0;
        foreach (var x in bytes)
        {
            a = (a + x) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }
}
