using Microsoft.AspNetCore.Routing.Matching;

namespace M3.Adaptive.Service.Web;

/// <summary>Keeps the two ports apart: what is marked <see cref="WebOnly"/> answers on the web port, everything else on gRPC's.</summary>
internal sealed class PortPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var isWeb = httpContext.Features.Get<WebConnection>() is not null;
        for (var i = 0; i < candidates.Count; i++)
        {
            // What routing itself puts in, to say that a method is not allowed, belongs to no port.
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<WebOnly>() is not null != isWeb)
                candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}
