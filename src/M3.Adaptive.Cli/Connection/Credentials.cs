using System.Security.Cryptography.X509Certificates;

namespace M3.Adaptive.Cli.Connection;

/// <summary>How client and service prove who they are.</summary>
/// <param name="Key">Shown with every question; null shows none.</param>
/// <param name="Authorities">Whose signature a service's certificate must bear; null trusts those that this machine does.</param>
internal sealed record Credentials(string? Key, X509Certificate2Collection? Authorities = null);
