using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>Where gRPC is reached by whoever reaches a page: at the same host, on another port.</summary>
internal sealed class GrpcAddress(IServer server)
{
    public Uri Beside(Uri page)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(static address => new Uri(address)) ?? [];
        // gRPC's is listened on first.
        return new UriBuilder(page) { Port = addresses.First().Port, Path = "" }.Uri;
    }
}
