using System.IO.Compression;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Service.Tests.Grpc;

/// <summary>Requests whose bytes are wrong: each gets its status and the trailers, nothing is logged, and the server goes on.</summary>
public sealed class UnreadableRequestsTests : IAsyncLifetime
{
    private static readonly byte[] Message = new StringValue { Value = new string('a', 500) }.ToByteArray();
    private static readonly byte[] Gzipped = Gzip(Message);

    private static readonly (string What, byte[] Body, string? Encoding, StatusCode Expected)[] Bodies =
    [
        ("no protobuf", RawCall.Frame([0xFF, 0xFF, 0xFF]), null, StatusCode.InvalidArgument),
        ("a text longer than its message", RawCall.Frame([0x0A, 0x7F, 0x41]), null, StatusCode.InvalidArgument),
        ("flag 2", RawCall.Frame(Message, flag: 2), null, StatusCode.InvalidArgument),
        ("header cut short", [0, 0, 0], null, StatusCode.InvalidArgument),
        ("message cut short", RawCall.Frame(Message).AsSpan(0, 100).ToArray(), null, StatusCode.InvalidArgument),
        ("second message cut short", [.. RawCall.Frame(Message), 0, 0, 0, 0, 9, 1], null, StatusCode.InvalidArgument),
        ("claims 4 GiB", [0, 255, 255, 255, 255, 1], null, StatusCode.InvalidArgument),
        ("compressed, no encoding named", RawCall.Frame(Gzipped, flag: 1), null, StatusCode.InvalidArgument),
        ("no gzip", RawCall.Frame(Message, flag: 1), "gzip", StatusCode.InvalidArgument),
        ("half a gzip", RawCall.Frame(Gzipped.AsSpan(0, Gzipped.Length / 2), flag: 1), "gzip", StatusCode.InvalidArgument),
        ("unknown encoding", RawCall.Frame(Gzipped, flag: 1), "br", StatusCode.Unimplemented),
        ("above the limit", RawCall.Frame(new byte[EndpointHost.MaxRequestBytes + 1]), null, StatusCode.ResourceExhausted),
        ("gzip that unfolds beyond the limit", RawCall.Frame(Gzip(new byte[32 << 20]), flag: 1), "gzip", StatusCode.ResourceExhausted),
        ("gzip", RawCall.Frame(Gzipped, flag: 1), "gzip", StatusCode.OK),
        ("deflate", RawCall.Frame(Deflate(Message), flag: 1), "deflate", StatusCode.OK),
        ("plain beside an encoding", RawCall.Frame(Message), "gzip", StatusCode.OK),
    ];

    private EndpointHost? _host;

    public static TheoryData<string> Shapes => ["Unary", "ClientStream", "ServerStream", "Duplex"];

    private EndpointHost Host => _host ?? throw new InvalidOperationException("Not started yet.");

    public async Task InitializeAsync() => _host = await EndpointHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Body_OfAnyKind_GetsItsStatusAndIsNoErrorOfOurs(string shape)
    {
        foreach (var (what, body, encoding, expected) in Bodies) await AssertEndsAsync(shape, what, body, encoding, expected);

        Assert.Empty(Host.Errors);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ServerStream")]
    public async Task Body_OfNoneOrTwoMessages_IsNoRequestOfOne(string shape)
    {
        await AssertEndsAsync(shape, "no message", [], null, StatusCode.InvalidArgument);
        await AssertEndsAsync(shape, "two messages", [.. RawCall.Frame(Message), .. RawCall.Frame(Message)], null, StatusCode.InvalidArgument);

        Assert.Empty(Host.Errors);
    }

    private async Task AssertEndsAsync(string shape, string what, byte[] body, string? encoding, StatusCode expected)
    {
        var answer = await RawCall.SendAsync(
            Host.Address, $"/m3.tests.Shapes/{shape}", new ByteArrayContent(body), encoding is null ? [] : [("grpc-encoding", encoding)]).Soon();

        Assert.True(expected == answer.Status, $"{what}: {string.Join(", ", answer.Trailers)}");
        Assert.Equal(EndpointHost.ModelVersion, answer.Trailers[Trailers.ModelVersion]);
        Assert.Equal(EndpointHost.PredictorVersion, answer.Trailers[Trailers.PredictorVersion]);
        if (expected != StatusCode.OK) Assert.NotEmpty(answer.Details.GetDetail<ErrorInfo>()?.Reason ?? "");
    }

    private static byte[] Deflate(byte[] message)
    {
        using var output = new MemoryStream();
        using (var compressor = new ZLibStream(output, CompressionLevel.Fastest)) compressor.Write(message);
        return output.ToArray();
    }

    private static byte[] Gzip(byte[] message)
    {
        using var output = new MemoryStream();
        using (var compressor = new GZipStream(output, CompressionLevel.Fastest)) compressor.Write(message);
        return output.ToArray();
    }
}
