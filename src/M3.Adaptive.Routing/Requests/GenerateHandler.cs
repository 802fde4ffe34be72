using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
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
    RoutingMetrics metrics,
    TimeProvider clock,
    IOptions<RoutingOptions> routing,
    ILogger<GenerateHandler> logger) : IRequestHandler<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery query, CancellationToken cancellationToken)
    {
        var decoding = WishResolver.Resolve(query.Decoding, routing.Value);
        var source = query.Image ?? throw new InvalidRequestException([new("image", "is missing")]);
        using var routed = await router.RouteAsync(source, query.Question, query.Routing, decoding.MaxNewTokens, query.Deadline, cancellationToken);

        List<ScaleAnswer> answers = [];
        var episode = routed.Episode;
        while (episode.Next is { } scale)
        {
            try
            {
                answers.Add(await RunAsync(new GenerationRequest(routed.Image, query.Question, scale, decoding), cancellationToken));
            }
            catch (Exception exception) when (answers is not [] && exception is ContextLengthException or OverloadedException)
            {
                RoutingLog.EscalationFoundNoRoom(logger, scale.Tokens, exception.Message);
                episode = episode.ObserveNoRoom();                            // the answer in hand is better than none
                break;
            }

            var answer = answers[^1];
            var forecast = episode.Prediction is { } prior ? router.Judge(prior, query.Question, scale, answer.Tokens) : null;
            episode = episode.Observe(forecast, answer.Charged, query.Deadline - clock.GetUtcNow());
            Tell(episode);
        }

        var decision = await router.LogAsync(routed.Image.Hash, episode, query.RequestId, cancellationToken);
        metrics.Answered(episode);
        return Reply(query, routed.Image, episode, answers, decision);
    }

    private void Tell(Episode episode)
    {
        if (episode.Next is not { } finer || !logger.IsEnabled(LogLevel.Debug)) return;
        var (best, kept) = (ScaleWorth.Best(episode.Weighed), episode.Weighed[0]);
        RoutingLog.Escalated(logger, episode.Path[^1].Scale.Tokens, finer.Tokens, best.Value, kept.Value);
    }

    private async Task<ScaleAnswer> RunAsync(GenerationRequest request, CancellationToken cancellation)
    {
        using var span = RoutingMetrics.Spans.StartActivity("generate");
        span?.SetTag("m3.scale", request.Scale.Tokens);
        return await ScaleAnswer.RunAsync(generator, request, cancellation);
    }

    private GenerateReply Reply(GenerateQuery query, EncodedImage image, Episode episode, List<ScaleAnswer> answers, DecisionReport decision)
    {
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
                image.EncodeTime, answers.Sum(answer => answer.PrefillSeconds), answers.Sum(answer => answer.DecodeSeconds), episode.Charged.Seconds),
            AlwaysFinest = generator.Estimate(query.Question, generator.Ladder[^1], last.Tokens.Count),
            Decision = decision,
            Image = image.Hash,
            LogProbability = last.LogProbability,
            NewTokens = last.Tokens.Count,
            EncodeFlops = generator.EncodeFlops,
        };
    }
}
