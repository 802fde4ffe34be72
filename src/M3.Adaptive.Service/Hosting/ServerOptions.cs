using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using M3.Adaptive.Service.Web;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Where the service listens, how large requests may be, one and all together, and how it stops.</summary>
public sealed class ServerOptions
{
    public const string Section = "Server";

    /// <summary>IP address to listen on; any other than loopback needs a key to have been made, or <c>Server:Insecure</c>.</summary>
    [Required]
    public string Listen { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Whether to listen on any address although no key has been made, and so let in whoever reaches it.</summary>
    public bool Insecure { get; set; }

    /// <summary>TCP port; 0 takes a free one, which the ready line names.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 50_051;

    /// <summary>PEM file of the certificate to serve TLS with, followed by those between it and its authority; without it, connections are not encrypted. Read again when it changes.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of the certificate's private key, without a password; belongs to <c>Server:Certificate</c>.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Bytes of one request, its picture included; larger ones are refused with RESOURCE_EXHAUSTED.</summary>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 16 << 20;

    /// <summary>Bytes of all requests in flight, over all connections, each one's first 16 KiB aside; what goes beyond is refused with RESOURCE_EXHAUSTED. At least <c>Server:MaxRequestBytes</c>.</summary>
    [Range(1024, (double)long.MaxValue)]
    public long MaxInFlightBytes { get; set; } = 256 << 20;

    /// <summary>Connections open at once; further ones are closed as soon as they are made. Each may have 100 calls in flight.</summary>
    [Range(1, 65_536)]
    public int MaxConnections { get; set; } = 256;

    /// <summary>How long running answers may take to finish once the service is asked to stop.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(60);

    public IPEndPoint EndPoint => new(IPAddress.Parse(Listen), Port);
}

[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;

/// <summary>Checks what no attribute can: that the address to listen on is an IP address, that a certificate has its key, and that the largest request fits beside others.</summary>
internal sealed class ServerRulesValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options) => options.MaxInFlightBytes < options.MaxRequestBytes
        ? ValidateOptionsResult.Fail("Server:MaxInFlightBytes is below Server:MaxRequestBytes, so the largest request would never fit: raise the one or lower the other.")
        : options.Certificate is null != options.CertificateKey is null
            ? ValidateOptionsResult.Fail("Server:Certificate and Server:CertificateKey belong together: set both or none.")
        : IsAddress(options.Listen)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Server:Listen is '{options.Listen}'; expected an IP address such as 127.0.0.1 or 0.0.0.0.");

    // .NET also reads 1 and 0x7F.1 as addresses.
    private static bool IsAddress(string text) => IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);
}

/// <summary>Checks that the web port is one, and not gRPC's own.</summary>
internal sealed class WebRulesValidator(IOptions<ServerOptions> server) : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) => (options.Port ?? server.Value.Port + 1, server.Value.Port) switch
    {
        _ when !options.Enabled => ValidateOptionsResult.Success,
        ( > IPEndPoint.MaxPort, _) => ValidateOptionsResult.Fail($"Web:Port is not set, and no port follows {server.Value.Port}: set it with --web-port, or open none with --no-web."),
        (not 0 and var web, var grpc) when web == grpc => ValidateOptionsResult.Fail($"Web:Port is {web}, where gRPC listens: choose another one with --web-port, or open none with --no-web."),
        _ => ValidateOptionsResult.Success,
    };
}
