using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace M3.Adaptive.Service.Tls;

/// <summary>TLS on an endpoint, with whatever certificate the files hold when a connection is made.</summary>
internal static class TlsListening
{
    public static void UseCertificate(this ListenOptions listen, CertificateFiles files) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = files.Current,
            ApplicationProtocols = [listen.Protocols == HttpProtocols.Http1 ? SslApplicationProtocol.Http11 : SslApplicationProtocol.Http2],
        }),
    });
}
