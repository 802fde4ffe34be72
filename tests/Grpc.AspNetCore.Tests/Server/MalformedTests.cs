using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.AspNetCore.Tests.Protos;

namespace Grpc.AspNetCore.Tests.Server;

/// <summary>Wrong requests: each gets its status, nothing is logged as an error, and the server goes on.</summary>
public class MalformedTests
{
    private const string Unary = "/standin.tests.Echo/Unary";
    private const string ClientStream = "/standin.tests.Echo/ClientStream";
    private const string Ok = "0", Internal = "13", ResourceExhausted = "8", Unimplemented = "12", DeadlineExceeded = "4";

    private static readonly byte[] Message = new EchoRequest { Text = new string('a', 500) }.ToByteArray();

    public static TheoryData<string, string, byte[], string, string?> Bodies
    {
        get
        {
            var (gzip, zlib) = (Gzip(Message), Zlib(Message));
            var data = new TheoryData<string, string, byte[], string, string?>();
            foreach (var path in (string[])[Unary, ClientStream])
            {
                data.Add("header cut short", path, [0, 0, 0], Internal, null);
                data.Add("message cut short", path, RawCall.Frame(Message)[..100], Internal, null);
                data.Add("second message cut short", path, [.. RawCall.Frame(Message), 0, 0, 0, 0, 9, 1], Internal, null);
                data.Add("flag 2", path, RawCall.Frame(Message, flag: 2), Internal, null);
                data.Add("flag 255", path, RawCall.Frame(Message, flag: 255), Internal, null);
                data.Add("claims 4 GiB", path, [0, 255, 255, 255, 255, 1], ResourceExhausted, null);
                data.Add("claims 2 GiB", path, [0, 128, 0, 0, 0, 1], ResourceExhausted, null);
                data.Add("claims one byte too many", path, [0, 0, 64, 0, 1], ResourceExhausted, null);
                data.Add("flag 1 without encoding", path, RawCall.Frame(gzip, flag: 1), Internal, null);
                data.Add("flag 1 with identity", path, RawCall.Frame(gzip, flag: 1), Internal, "identity");
                data.Add("unknown encoding", path, RawCall.Frame(gzip, flag: 1), Unimplemented, "br");
                data.Add("no gzip", path, RawCall.Frame(Message, flag: 1), Internal, "gzip");
                data.Add("gzip of nothing", path, RawCall.Frame([], flag: 1), Internal, "gzip");
                data.Add("half a gzip", path, RawCall.Frame(gzip[..(gzip.Length / 2)], flag: 1), Internal, "gzip");
                data.Add("gzip without its length", path, RawCall.Frame(gzip[..^4], flag: 1), Internal, "gzip");
                data.Add("gzip with a wrong length", path, RawCall.Frame([.. gzip[..^1], 9], flag: 1), Internal, "gzip");
                data.Add("gzip as deflate", path, RawCall.Frame(gzip, flag: 1), Internal, "deflate");
                data.Add("half a zlib", path, RawCall.Frame(zlib[..(zlib.Length / 2)], flag: 1), Internal, "deflate");
                data.Add("gzip bomb", path, RawCall.Frame(Gzip(new byte[32 * 1024 * 1024]), flag: 1), ResourceExhausted, "gzip");
                data.Add("bad protobuf", path, RawCall.Frame([0xFF, 0xFF, 0xFF]), Internal, null);
                data.Add("protobuf string that is no UTF-8 length", path, RawCall.Frame([0x0A, 0x7F, 0x41]), Internal, null);
                data.Add("plain beside an encoding", path, RawCall.Frame(Message), Ok, "gzip");
                data.Add("plain beside an unknown encoding", path, RawCall.Frame(Message), Ok, "br");
                data.Add("gzip", path, RawCall.Frame(gzip, flag: 1), Ok, "gzip");
                data.Add("deflate", path, RawCall.Frame(zlib, flag: 1), Ok, "deflate");
            }

            data.Add("no message", Unary, [], Internal, null);
            data.Add("two messages", Unary, [.. RawCall.Frame(Message), .. RawCall.Frame(Message)], Internal, null);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("StandIn", "only")] // INTERNAL where the original says UNKNOWN
    public async Task Body_OfAnyKind_GetsItsStatus(string what, string path, byte[] body, string status, string? encoding)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await RawCall.SendAsync(server.Address, path, body, encoding is null ? [] : [("grpc-encoding", encoding)]).Soon();

        Assert.True(status == answer.Status, $"{what}: {answer.Status} {answer.Message}");
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal(status != Ok, answer.TrailersOnly);
        Assert.Equal(status == Unimplemented, answer.Headers.Contains("grpc-accept-encoding"));
        Assert.Equal("still here", (await server.Client.UnaryAsync(new EchoRequest { Text = "still here" }).ResponseAsync.Soon()).Text);
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("application/json", 415)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("application/grpcx", 415)]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc;charset=utf-8", 200)]
    [InlineData("Application/gRPC", 200)]
    public async Task ContentType_OfGrpcOnly_IsAccepted(string? contentType, int http)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await RawCall.SendAsync(server.Address, Unary, new ByteArrayContent(RawCall.Frame()), contentType).Soon();

        Assert.Equal(http, (int)answer.HttpStatus);
        Assert.Equal(http == 200 ? Ok : Internal, answer.Status);
    }

    [Theory]
    [InlineData("/standin.tests.Echo/Nothing")]
    [InlineData("/no.Service/Nothing")]
    [InlineData("/Standin.Tests.Echo/Unary")] // case matters
    [InlineData("/standin.tests.Echo/unary")]
    [InlineData("/standin.tests.Echo/Unary/")]
    [Trait("StandIn", "only")] // the original's routing ignores case
    public async Task Path_NotMapped_IsUnimplemented(string path)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await RawCall.SendAsync(server.Address, path, RawCall.Frame()).Soon();

        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal(Unimplemented, answer.Status);
        Assert.True(answer.TrailersOnly);
    }

    [Fact]
    public async Task Path_NotMappedAndNoGrpc_IsNotFound()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await RawCall.SendAsync(server.Address, "/no.Service/Nothing", new ByteArrayContent([]), "application/json").Soon();

        Assert.Equal(HttpStatusCode.NotFound, answer.HttpStatus);
    }

    [Fact]
    public async Task IgnoreUnknownServices_LeavesThemToTheApplication()
    {
        await using var server = await EchoServer.StartAsync(o => o.IgnoreUnknownServices = true);

        var answer = await RawCall.SendAsync(server.Address, "/no.Service/Nothing", RawCall.Frame()).Soon();

        Assert.Equal(HttpStatusCode.NotFound, answer.HttpStatus);
    }

    [Theory]
    [InlineData("0n", DeadlineExceeded)]
    [InlineData("nonsense", Ok)]
    [InlineData("123456789S", Ok)]
    [InlineData("99999999H", Ok)]
    public async Task Timeout_OfAnyKind_IsReadOrIgnored(string timeout, string status)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await RawCall.SendAsync(server.Address, Unary, RawCall.Frame(), ("grpc-timeout", timeout)).Soon();

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task BinaryHeader_ThatIsNoBase64_IsInternalWhenLookedAt()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) => Task.FromResult(new EchoReply { Number = context.RequestHeaders.Count });

        var answer = await RawCall.SendAsync(server.Address, Unary, RawCall.Frame(), ("bad-bin", "!")).Soon();

        Assert.Equal(Internal, answer.Status);
    }

    [Fact]
    public async Task HandlersGrpcKeys_AreNotSentBesideTheRealStatus()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) =>
        {
            context.ResponseTrailers.Add("grpc-status", "7");
            context.ResponseTrailers.Add("grpc-message", "false");
            context.ResponseTrailers.Add("grpc-status-details-bin", [1]);
            context.ResponseTrailers.Add("kept", "yes");
            return Task.FromResult(new EchoReply());
        };

        using var call = server.Client.UnaryAsync(new EchoRequest());
        await call.ResponseAsync.Soon();

        Assert.Equal(["grpc-status-details-bin", "kept"], call.GetTrailers().Select(entry => entry.Key).Order());
        Assert.Equal("", call.GetStatus().Detail);
    }

    private static byte[] Gzip(byte[] message)
    {
        var output = new MemoryStream();
        using (var compressor = new GZipStream(output, CompressionLevel.Optimal)) compressor.Write(message);
        return output.ToArray();
    }

    private static byte[] Zlib(byte[] message)
    {
        var output = new MemoryStream();
        using (var compressor = new ZLibStream(output, CompressionLevel.Optimal)) compressor.Write(message);
        return output.ToArray();
    }
}
