using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Escalation;
using M3.Adaptive.Routing.Telemetry;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Answers one question: route, run, judge, escalate, log, reply.</summary>
internal sealed class GenerateHandler(
    RequestRouter router,
    IGenerator generator,
    IConfidence confidence,
    ReplyMemory memory,
    RoutingMetrics metrics,
    TimeProvider clock,
    IOptions<RoutingOptions> routing,
    ILogger<GenerateHandler> logger) : IRequestHandler<GenerateQuery, GenerateReply>
{
    public Task<GenerateReply> Handle(GenerateQuery query, CancellationToken cancellationToken) => query.RequestId is { } id
        ? memory.OnceAsync(id, RequestFingerprint.Of(query), () => AnswerAsync(query, cancellationToken), cancellationToken)
        : AnswerAsync(query, cancellationToken);

    private async Task<GenerateReply> AnswerAsync(GenerateQuery query, CancellationToken cancellation)
    {
        var decoding = WishResolver.Resolve(query.Decoding, routing.Value);
        var source = query.Image ?? throw new InvalidRequestException([new("image", "is missing")]);
        using var routed = await router.RouteAsync(source, query.Question, query.Routing, decoding.MaxNewTokens, cancellation);

        List<ScaleAnswer> answers = [];
        List<PathStep> path = [];
        var (scale, reason) = (routed.Decision.Scale, routed.Decision.Reason);
        var answer = await RunAsync(At(scale), cancellation);
        while (true)
        {
            var sureness = confidence.Of(answer.Tokens, scale, routed.Prediction);
            answers.Add(answer);
            path.Add(new PathStep(scale, reason, routed.Prediction?.At(scale), float.IsNaN(sureness) ? null : sureness, answer.Charged));

            var standing = new Standing(scale, path.Count - 1, sureness, Cost.Sum(path.Select(step => step.Charged)), query.Deadline - clock.GetUtcNow());
            var verdict = Escalator.Next(routed.Rules, routed.Prediction, routed.Estimates, standing);
            if (verdict.Next is not { } finer) return await SettleAsync(verdict.Settled);

            RoutingLog.Escalated(logger, scale.Tokens, finer.Tokens, sureness, routed.Rules.Escalation.ConfidenceThreshold);
            try
            {
                answer = await RunAsync(At(finer), cancellation);
            }
            catch (Exception fault) when (fault is ContextLengthException or OverloadedException)
            {
                RoutingLog.EscalationFoundNoRoom(logger, finer.Tokens, fault.Message);
                return await SettleAsync(SettledReason.NoRoom);                 // the answer in hand is better than none
            }

            (scale, reason) = (finer, StepReason.LowConfidence);
        }

        GenerationRequest At(VisualScale chosen) => new(routed.Image, query.Question, chosen, decoding);

        async Task<GenerateReply> SettleAsync(SettledReason settled)
        {
            var decision = await router.LogAsync(routed, query.RequestId, path, cancellation);
            metrics.Answered(path, settled);
            return Reply(query, routed, answers, path, settled, decision);
        }
    }

    private async Task<ScaleAnswer> RunAsync(GenerationRequest request, CancellationToken cancellation)
    {
        using var span = RoutingMetrics.Spans.StartActivity("generate");
        span?.SetTag("m3.scale", request.Scale.Tokens);
        return await ScaleAnswer.RunAsync(generator, request, clock, cancellation);
    }

    private GenerateReply Reply(
        GenerateQuery query, RoutedRequest routed, List<ScaleAnswer> answers, List<PathStep> path, SettledReason settled, DecisionReport decision)
    {
        var last = answers[^1];
        return new GenerateReply
        {
            Text = last.Text,
            Finish = last.Finish,
            Path = path,
            Settled = settled,
            Charged = Cost.Sum(path.Select(step => step.Charged)),
            Times = new PhaseTimes(routed.Image.EncodeTime, Sum(answers.Select(answer => answer.Prefill)), Sum(answers.Select(answer => answer.Decode))),
            AlwaysFinest = generator.Estimate(query.Question, VisualScale.Finest, last.Tokens.Count),
            Decision = decision,
            Image = routed.Image.Hash,
            LogProbability = last.LogProbability,
            NewTokens = last.Tokens.Count,
            EncodeFlops = generator.EncodeFlops,
        };
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
}
