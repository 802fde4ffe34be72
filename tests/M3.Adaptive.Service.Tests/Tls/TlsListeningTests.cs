using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.Service.Tls;
using M3.Adaptive.TestKit.Certificates;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Tls;

public sealed class TlsListeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Call_AfterTheCertificateChanged_SeesTheNewOne()
    {
        var own = new OwnCertificate(_folder.Path);
        var first = own.Renew();
        await using var host = await EndpointHost.StartAsync(certificate: new CertificateFiles(own.File, own.KeyFile, _clock, NullLogger<CertificateFiles>.Instance));

        var shownFirst = await ShownAsync(host.Address);
        var second = own.Renew();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var shownSecond = await ShownAsync(host.Address);

        Assert.Equal("https", host.Address.Scheme);
        Assert.Equal((first, second), (shownFirst, shownSecond));
    }

    [Fact]
    public async Task Call_CertificateNotTrusted_Fails()
    {
        var own = new OwnCertificate(_folder.Path);
        own.Renew();
        await using var host = await EndpointHost.StartAsync(certificate: new CertificateFiles(own.File, own.KeyFile, _clock, NullLogger<CertificateFiles>.Instance));

        var refused = await Assert.ThrowsAsync<RpcException>(() => new Shapes.ShapesClient(host.Channel).UnaryAsync(new()).ResponseAsync.Soon());

        Assert.IsType<AuthenticationException>(refused.Status.DebugException?.InnerException);
    }

    // Over a connection of its own, by a client that trusts whatever it is shown.
    private static async Task<string?> ShownAsync(Uri server)
    {
        string? serial = null;
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            serial = (certificate as X509Certificate2)?.SerialNumber;
            return serial is not null;
        };
        using var channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = handler });
        await new Shapes.ShapesClient(channel).UnaryAsync(new()).ResponseAsync.Soon();
        return serial;
    }
}
