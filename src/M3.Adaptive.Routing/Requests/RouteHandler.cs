using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using MediatR;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Decides and explains without answering: the estimate before anything is charged. The decision is logged with an empty path.</summary>
internal sealed class RouteHandler(RequestRouter router, IGenerator generator, IOptionsMonitor<RoutingOptions> routing)
    : IRequestHandler<RouteQuery, RouteReply>
{
    public async Task<RouteReply> Handle(RouteQuery query, CancellationToken cancellationToken)
    {
        var source = query.Image ?? throw new InvalidRequestException([new("image", "is missing")]);
        var newTokens = query.MaxNewTokens ?? WishResolver.Resolve(query.Decoding, routing.CurrentValue).MaxNewTokens;
        using var routed = await router.RouteAsync(
            new RouteRequest(query.Caller.Tenant, query.RequestId, source, query.Question, query.Routing, newTokens, Deadline: null, IsRun: false), cancellationToken);
        var episode = routed.Episode;
        var decision = await router.LogAsync(routed, episode, query.RequestId, cancellationToken);
        return new RouteReply(
            episode.Decision.Scale,
            episode.Decision.Reason,
            [.. generator.Ladder.Select(scale => Forecast(routed, scale))],
            episode.Rules.Room.Text,
            Expected(episode),
            Worst(episode),
            decision,
            routed.Image.Hash,
            generator.EncodeFlops,
            routed.Image.EncodeTime,
            generator.Backlog);
    }

    // Where nothing was weighed, no finer scale follows by worth: there is no forecast, or the only or the finest scale runs.
    private static MeanCost Expected(Episode episode) =>
        OptionOf(episode, episode.Decision.Scale)?.Planned ?? episode.Estimates[episode.Decision.Scale.Rung];

    // Without a forecast no answer can be judged, and none is followed by another.
    private static Cost Worst(Episode episode) =>
        episode.Prediction is null ? episode.Estimates[episode.Decision.Scale.Rung] : WorstCase.Of(episode);

    private static ScaleOption? OptionOf(Episode episode, VisualScale scale) =>
        episode.Weighed.Where(option => option.Scale == scale).Select(option => (ScaleOption?)option).FirstOrDefault();

    private static ScaleForecast Forecast(RoutedRequest routed, VisualScale scale)
    {
        var (episode, rules) = (routed.Episode, routed.Episode.Rules);
        var estimate = episode.Estimates[scale.Rung];
        return new(
            scale, episode.Prediction?.Reported[scale.Rung], estimate, rules.Allow(scale, estimate),
            HasRoom: rules.Room.Fits(scale),
            WithinCaps: routed.Own.Caps.Allow(estimate),
            WithinBudget: !routed.Own.Caps.Allow(estimate) || !(scale <= routed.Own.Max) || (rules.Caps.Allow(estimate) && scale <= rules.Max),
            OptionOf(episode, scale)?.Value);
    }
}
