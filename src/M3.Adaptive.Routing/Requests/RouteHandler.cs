using M3.Adaptive.Core;
using MediatR;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Decides and explains without answering. The decision is logged with an empty path.</summary>
internal sealed class RouteHandler(RequestRouter router, IGenerator generator, IOptions<RoutingOptions> routing)
    : IRequestHandler<RouteQuery, RouteReply>
{
    public async Task<RouteReply> Handle(RouteQuery query, CancellationToken cancellationToken)
    {
        var source = query.Image ?? throw new InvalidRequestException([new("image", "is missing")]);
        using var routed = await router.RouteAsync(
            source, query.Question, query.Routing, query.MaxNewTokens ?? routing.Value.MaxNewTokens, cancellationToken);
        var decision = await router.LogAsync(routed, query.RequestId, [], cancellationToken);
        return new RouteReply(
            routed.Decision.Scale,
            routed.Decision.Reason,
            [.. VisualScale.All.Select(scale =>
                new ScaleForecast(scale, routed.Prediction?.At(scale), routed.Estimates[scale.Rung], routed.IsEligible(scale)))],
            decision,
            routed.Image.Hash,
            generator.EncodeFlops,
            routed.Image.EncodeTime);
    }
}
