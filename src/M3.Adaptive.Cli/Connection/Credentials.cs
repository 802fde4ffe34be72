using System.Security.Cryptography.X509Certificates;

namespace M3.Adaptive.Cli.Connection;

/// <summary>How client and service prove who they are.</summary>
/// <param name="Key">Shown with every question; null shows none.</param>
/// <param name="Authorities">Whose signature a service's certificate must bear; null trusts those that this machine does.</param>
internal sealed record Credentials(string? Key, X509Certificate2Collection? Authorities = null)
{
    /// <summary>What connections are made with; null leaves it to the library.</summary>
    public HttpMessageHandler? Handler() => Authorities is null ? null : new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = true,
        SslOptions = { CertificateChainPolicy = Policy(Authorities) },
    };

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
