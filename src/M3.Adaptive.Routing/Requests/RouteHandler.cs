using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
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
            new RouteRequest(
                query.Caller.Tenant, source, query.Question, query.Routing, query.MaxNewTokens ?? routing.Value.MaxNewTokens, Deadline: null, IsRun: false),
            cancellationToken);
        var episode = routed.Episode;
        var decision = await router.LogAsync(routed, episode, query.RequestId, cancellationToken);
        return new RouteReply(
            episode.Decision.Scale,
            episode.Decision.Reason,
            [.. generator.Ladder.Select(scale => Forecast(episode, scale))],
            decision,
            routed.Image.Hash,
            generator.EncodeFlops,
            routed.Image.EncodeTime);
    }

    private static double? ValueOf(IReadOnlyList<ScaleOption> weighed, VisualScale scale) =>
        weighed.Where(option => option.Scale == scale).Select(option => (double?)option.Value).FirstOrDefault();

    private static ScaleForecast Forecast(Episode episode, VisualScale scale)
    {
        var estimate = episode.Estimates[scale.Rung];
        return new(scale, episode.Prediction?.Reported[scale.Rung], estimate, episode.Rules.Allow(scale, estimate), ValueOf(episode.Weighed, scale));
    }
}
