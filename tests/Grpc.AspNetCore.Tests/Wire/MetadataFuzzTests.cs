using System.Text;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

/// <summary>Random header lines through the metadata decoder, against a base64 reader of the tests' own.</summary>
public class MetadataFuzzTests
{
    private const int Cases = 100_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    [Fact]
    public void Add_RandomBinaryLines_MatchesTheOracle()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Line(random)).ToList();

            var expected = lines.Select(Oracle).ToList();
            List<byte[]>? actual;
            try
            {
                var metadata = new Metadata();
                foreach (var line in lines) MetadataCodec.Add(metadata, "X-Some-Bin", line);
                actual = [.. metadata.Select(entry => entry.ValueBytes)];
                Assert.All(metadata, entry => Assert.Equal("x-some-bin", entry.Key));
            }
            catch (RpcException exception)
            {
                Assert.Equal(StatusCode.Internal, exception.StatusCode);
                actual = null;
            }

            var wanted = expected.Contains(null) ? null : expected.SelectMany(values => values!).ToList();
            Assert.True(Same(wanted, actual), $"seed {seed}: {string.Join(" | ", lines)}");
        }
    }

    [Fact]
    public void Add_ThenEncode_GivesTheBytesBack()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = Bytes(random);
            var metadata = new Metadata();

            MetadataCodec.Add(metadata, "a-bin", MetadataCodec.Encode(new Metadata.Entry("a-bin", bytes)));

            Assert.Equal(bytes, Assert.Single(metadata).ValueBytes);
        }
    }

    [Theory]
    [InlineData(":path")]
    [InlineData("Content-Type")]
    [InlineData("grpc-timeout")]
    [InlineData("grpc-encoding")]
    [InlineData("Grpc-Accept-Encoding")]
    [InlineData("TE")]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    public void Add_NameOfHttpOrProtocol_IsLeftOut(string name)
    {
        var metadata = new Metadata();

        MetadataCodec.Add(metadata, name, "value");

        Assert.Empty(metadata);
    }

    private static string Line(Random random)
    {
        var values = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            var text = Convert.ToBase64String(Bytes(random));
            return random.Next(2) == 0 ? text.TrimEnd('=') : text;
        });
        var line = new StringBuilder(string.Join(random.Next(2) == 0 ? "," : ", ", values));
        if (random.Next(2) == 0) return line.ToString();
        for (var faults = random.Next(1, 3); faults > 0; faults--)
        {
            var at = random.Next(line.Length + 1);
            if (at < line.Length && random.Next(2) == 0) line.Remove(at, 1);
            else line.Insert(at, random.Next(4) == 0 ? '=' : (char)random.Next(0x20, 0x7F));
        }

        return line.ToString();
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        return bytes;
    }

    // Bit by bit: six of each character, whole bytes taken off the front.
    private static List<byte[]>? Oracle(string line)
    {
        var values = new List<byte[]>();
        foreach (var part in line.Split(','))
        {
            var text = part.Trim(' ');
            var padding = text.Length - text.TrimEnd('=').Length;
            if (padding > 2 || (padding > 0 && text.Length % 4 != 0)) return null;
            var (bytes, bits, held) = (new List<byte>(), 0, 0);
            foreach (var character in text[..^padding])
            {
                var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
                if (digit < 0) return null;
                (bits, held) = ((bits << 6) | digit, held + 6);
                if (held < 8) continue;
                held -= 8;
                bytes.Add((byte)(bits >> held));
                bits &= (1 << held) - 1;
            }

            if (held == 6) return null; // one character alone is no byte
            values.Add([.. bytes]);
        }

        return values;
    }

    private static bool Same(List<byte[]>? left, List<byte[]>? right) =>
        left is null || right is null ? left is null && right is null : left.Count == right.Count && left.Zip(right).All(p => p.First.SequenceEqual(p.Second));
}
