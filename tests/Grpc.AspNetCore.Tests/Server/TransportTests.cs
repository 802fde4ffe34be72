using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Tests.Server;

public class TransportTests
{
    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static SocketsHttpHandler Trusting(X509Certificate2 certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
        },
    };

    [Fact]
    public async Task Tls_AllShapesAndCallCredentials_Work()
    {
        using var certificate = SelfSigned();
        await using var server = await EchoServer.StartAsync(listen: o => o.UseHttps(certificate));
        string? token = null;
        server.Behaviour.Unary = (request, context) =>
        {
            token = context.RequestHeaders.GetValue("authorization");
            return Task.FromResult(new EchoReply { Text = request.Text });
        };
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {context.MethodName}");
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(
            new Uri($"https://localhost:{server.Address.Port}"),
            new GrpcChannelOptions
            {
                HttpHandler = Trusting(certificate),
                DisposeHttpClient = true,
                Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, credentials),
            });
        var client = new Echo.EchoClient(channel);

        Assert.Equal("tls", (await client.UnaryAsync(new EchoRequest { Text = "tls" }).ResponseAsync.Soon()).Text);
        Assert.Equal("Bearer Unary", token);
        using var duplex = client.Duplex();
        await duplex.RequestStream.WriteAsync(new EchoRequest { Text = "both" }).Soon();
        Assert.True(await duplex.ResponseStream.MoveNext().Soon());
        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task Tls_ServerNotTrusted_IsUnavailable()
    {
        using var certificate = SelfSigned();
        await using var server = await EchoServer.StartAsync(listen: o => o.UseHttps(certificate));
        using var channel = GrpcChannel.ForAddress($"https://localhost:{server.Address.Port}");

        var exception = await Assert.ThrowsAsync<RpcException>(() => new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    [Fact]
    public async Task Http1_OnAnEndpointThatSpeaksIt_IsToldToUpgrade()
    {
        using var certificate = SelfSigned();
        await using var server = await EchoServer.StartAsync(listen: o =>
        {
            o.Protocols = HttpProtocols.Http1AndHttp2;
            o.UseHttps(certificate);
        });
        using var http = new HttpClient(Trusting(certificate));
        var body = new ByteArrayContent(RawCall.Frame());
        body.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        using var response = await http.PostAsync(new Uri($"https://localhost:{server.Address.Port}/standin.tests.Echo/Unary"), body).Soon();

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("HTTP/2", response.Headers.Upgrade.ToString());
    }

    [Fact]
    public async Task Get_OfAMethod_IsNotAllowed()
    {
        await using var server = await EchoServer.StartAsync();
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await http.GetAsync(new Uri(server.Address, "/standin.tests.Echo/Unary")).Soon();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task Client_AnswerWithoutGrpcStatus_TakesItFromHttp(int http, StatusCode expected)
    {
        await using var server = await EchoServer.StartAsync(map: app => app.MapPost("/no.Service/Method", () => Results.StatusCode(http)));
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "no.Service", "Method", marshaller, marshaller);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(), "").ResponseAsync.Soon());

        Assert.Equal(expected, exception.StatusCode);
    }

    [Theory]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    [InlineData(2, StatusCode.Internal)]
    public async Task Client_StreamReset_TakesStatusFromItsCode(int code, StatusCode expected)
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.ServerStream = async (_, replies, context) =>
        {
            await replies.WriteAsync(new EchoReply());
            context.GetHttpContext().Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(code);
        };

        using var call = server.Client.ServerStream(new EchoRequest());
        var exception = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext().Soon()) Assert.NotNull(call.ResponseStream.Current);
        });

        Assert.Equal(expected, exception.StatusCode);
    }

    [Fact]
    public async Task Host_OfTheCall_ReachesTheHandler()
    {
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) => Task.FromResult(new EchoReply { Text = $"{context.Host} {context.Method} {context.Peer.Split(':')[0]}" });

        Assert.Equal(
            "elsewhere:99 /standin.tests.Echo/Unary ipv4",
            (await server.Client.WithHost("elsewhere:99").UnaryAsync(new EchoRequest()).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public void Channel_CredentialsAgainstItsScheme_AreRefused() => Assert.Throws<InvalidOperationException>(
        () => GrpcChannel.ForAddress("http://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));

    [Fact]
    public void MapGrpcService_WithoutAddGrpc_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddGrpc", Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<EchoService>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapGrpcService_OfAnotherType_SaysSo()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGrpc();

        Assert.Throws<InvalidOperationException>(() => builder.Build().MapGrpcService<string>());
    }
}
