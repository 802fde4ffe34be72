using M3.Adaptive.Core;
using M3.Adaptive.Routing.Limits;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Wishes;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Answers one question: route, run scales until the episode is settled, log, reply.</summary>
internal sealed class GenerateHandler(
    RequestRouter router,
    IGenerator generator,
    ScaleLimits limits,
    RoutingMetrics metrics,
    ServerMetrics server,
    TimeProvider clock,
    IOptionsMonitor<RoutingOptions> routing,
    ILogger<GenerateHandler> logger) : IRequestHandler<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery query, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var decoding = WishResolver.Resolve(query.Decoding, routing.CurrentValue);
        var source = query.Image ?? throw new InvalidRequestException([new("image", "is missing")]);
        using var routed = await router.RouteAsync(
            new RouteRequest(query.Caller.Tenant, query.RequestId, source, query.Question, query.Routing, decoding.MaxNewTokens, query.Deadline, IsRun: true), cancellationToken);
        await using var run = new EpisodeRun(generator, router, limits, clock, logger, query, routed, decoding);
        try
        {
            await run.RunAsync(cancellationToken);
            var decision = await router.LogAsync(routed, run.Episode, query.RequestId, cancellationToken);
            var reply = Reply(query, routed, run, decision);
            metrics.Answered(run.Episode, run.Answers.Sum(static answer => answer.Tokens.Count), reply.AlwaysFinest, reply.Budget);
            var (first, last) = run.AnswerTimes;
            server.Generated(clock.GetElapsedTime(start, first), clock.GetElapsedTime(first, last), reply.NewTokens, generator.Model.Version);
            return reply;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new RouteInterruptedException(run.SoFar, fault);
        }
    }

    private GenerateReply Reply(GenerateQuery query, RoutedRequest routed, EpisodeRun run, DecisionReport decision)
    {
        var (episode, answers) = (run.Episode, run.Answers);
        var last = answers[^1];
        return new GenerateReply
        {
            Text = last.Text,
            Finish = last.Finish,
            Path = episode.Path,
            Settled = episode.Settled,
            Declined = episode.Weighed,
            Charged = episode.Charged,
            Times = PhaseTimes.Of(
                routed.Image.EncodeTime, answers.Sum(answer => answer.PrefillSeconds), answers.Sum(answer => answer.DecodeSeconds), episode.Charged.Seconds),
            AlwaysFinest = generator.Estimate(query.Question, generator.Ladder[^1], last.Tokens.Count),
            Decision = decision,
            Image = routed.Image.Hash,
            LogProbability = last.LogProbability,
            TextTokens = episode.Rules.Room.Text,
            NewTokens = last.Tokens.Count,
            EncodeFlops = generator.EncodeFlops,
            Budget = routed.Hold.Report,
        };
    }
}
