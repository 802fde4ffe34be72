using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Web;

/// <summary>The port for those who speak plain HTTP: browsers, and clients of OpenAI's interface.</summary>
public sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>Whether the web port is opened at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>TCP port for HTTP/1.1, at the address that gRPC listens on; 0 takes a free one, which a line after the ready line names. Unless set, the one after <c>Server:Port</c>, and a free one where that is 0.</summary>
    [Range(0, 65_535)]
    public int? Port { get; set; }

    /// <param name="grpc">Where gRPC listens.</param>
    /// <returns>Null where nothing is to be opened.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The port is unset, and there is none after gRPC's.</exception>
    public IPEndPoint? EndPointBeside(IPEndPoint grpc) => Enabled ? new IPEndPoint(grpc.Address, Port ?? (grpc.Port == 0 ? 0 : grpc.Port + 1)) : null;
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;
