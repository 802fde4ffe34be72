using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Pictures;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Wishes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>What answering and routing have in common: encode, predict, decide, and write the decision down.</summary>
internal sealed class RequestRouter(
    IGenerator generator,
    IPredictorRoster predictors,
    IDecisionLog decisions,
    BudgetGate budgets,
    SentPictures pictures,
    ExplorationDice dice,
    RoutingMetrics metrics,
    TimeProvider clock,
    IOptionsMonitor<RoutingOptions> routing,
    IOptionsMonitor<EscalationOptions> escalation,
    ILogger<RequestRouter> logger)
{
    /// <exception cref="ImageNotCachedException">The image was named by hash, and its tenant has not sent it or it is no longer cached.</exception>
    /// <exception cref="InvalidRequestException">The model has no scale within the bounds, or no allowed one fits the caps.</exception>
    /// <exception cref="ContextLengthException">The question is too long at every allowed scale.</exception>
    /// <exception cref="BudgetExhaustedException">No allowed scale fits the tenant's budget.</exception>
    public async Task<RoutedRequest> RouteAsync(RouteRequest request, CancellationToken cancellation)
    {
        var (wish, question) = (request.Wish, request.Question);
        if (WishFaults.Against(generator.Ladder, wish) is [_, ..] faults) throw new InvalidRequestException(faults);
        var image = await EncodeAsync(request.Tenant, request.Image, cancellation);
        try
        {
            using var stage = metrics.Begin("route", clock);
            var turn = predictors.TurnOf(request.Tenant, request.RequestId);
            var rules = Rules(turn.Predictor);
            var prediction = turn.Predictor.Guarded(image.Evidence, question, logger);
            Cost[] estimates = [.. VisualScale.All.Select(scale => generator.Estimate(question, scale, request.MaxNewTokens))];
            var (draw, remaining) = (dice.Draw(), request.Deadline - clock.GetUtcNow() - generator.Backlog);
            var costs = new RequestCosts(estimates[generator.Ladder[^1].Rung], generator.EncodeFlops);
            var (plan, hold) = request.IsRun
                ? await budgets.EnterAsync(request.Tenant, rules, costs, Start, cancellation)
                : await budgets.LookAsync(request.Tenant, rules, costs, Start, cancellation);
            if (plan is not BudgetPlan.Go { Episode: var episode }) throw Explain(((BudgetPlan.Impossible)plan).Refusal, rules);
            metrics.Decided(episode.Decision);
            var shadow = turn.Shadow is null ? null : LookOn(turn.Shadow, episode);
            if (shadow is not null) metrics.LookedOn(shadow.VisualTokens == episode.Decision.Scale.Tokens);
            return new RoutedRequest(request.Tenant, turn, shadow, image, rules, episode, hold);

            RoutingRules Rules(IScalePredictor predictor) =>
                WishResolver.Resolve(wish, routing.CurrentValue, escalation.CurrentValue, predictor.Prices) with { Ladder = generator.Ladder, Room = generator.Room(question) };

            EpisodeStart Start(RoutingRules within)
            {
                Episode.TryStart(within, prediction, estimates, draw, remaining, out var begun, out var refusal);
                return new(begun, refusal);
            }

            // By its own prices, unless the budget's pace has set one, and else on the very terms of the one that decides.
            ShadowRecord? LookOn(IScalePredictor other, Episode acting)
            {
                if (other.Guarded(image.Evidence, question, logger) is not { } forecast) return null;
                var within = acting.Rules.Policy == rules.Policy ? acting.Rules with { Policy = Rules(other).Policy } : acting.Rules;
                return Decider.TryDecide(within, forecast, estimates, draw, remaining, out var decision, out _)
                    ? new ShadowRecord(other.Version, decision.Scale.Tokens, forecast.Success)
                    : null;
            }
        }
        catch
        {
            image.Dispose();                                                  // nobody else has it yet
            throw;
        }
    }

    /// <summary>Makes the decision durable, and what its request is charged with it; returns what the reply says of it.</summary>
    /// <param name="episode">The request's, settled or not begun.</param>
    public async Task<DecisionReport> LogAsync(RoutedRequest routed, Episode episode, string? requestId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var version = episode.Prediction is null ? null : routed.Turn.Predictor.Version;
        var guarantee = version is null || !routed.Turn.IsGuaranteed ? null : (episode.Rules.Policy as Policy.Quality)?.Guarantee;
        var report = new DecisionReport(Guid.CreateVersion7(now), episode.Decision.Propensity, generator.Model.Version, version, guarantee?.Risk);
        using var stage = metrics.Begin("store", clock);
        await decisions.AppendAsync(
            new DecisionRecord
            {
                DecisionId = report.Id,
                At = now,
                Tenant = routed.Tenant,
                RequestId = requestId ?? "",
                ModelVersion = report.ModelVersion,
                PredictorVersion = version ?? "",
                FeatureVersion = episode.Prediction?.FeatureVersion ?? 0,
                ImageHash = routed.Image.Hash.Value,
                Features = episode.Prediction?.Features ?? [],
                Success = episode.Prediction?.Success ?? [],
                Propensity = report.Propensity,
                Alias = routed.Turn.Alias,
                AliasPropensity = routed.Turn.Propensity,
                Shadow = routed.Shadow,
                Path = [.. episode.Path.Select(step => new StepRecord(step.Scale.Tokens, step.Reason.ToString(), step.Before?.Routed, step.After?.Routed, step.Charged) { Unfamiliar = step.Unfamiliar })],
                Charged = episode.Charged,
            },
            routed.Hold.Settlement,
            cancellation);
        routed.Hold.MarkSettled();
        budgets.Observe(routed.Hold);
        return report;
    }

    private async ValueTask<EncodedImage> EncodeAsync(string tenant, ImageSource source, CancellationToken cancellation)
    {
        using var stage = metrics.Begin("encode", clock);
        return source switch
        {
            ImageSource.Bytes bytes => await EncodeAsync(tenant, bytes, cancellation),
            ImageSource.Cached cached when pictures.Contains(tenant, cached.Hash) && generator.TryGetEncoded(cached.Hash, out var image) => image,
            ImageSource.Cached cached => throw new ImageNotCachedException(cached.Hash),
            _ => throw new InvalidOperationException("Not a source of images that is known here."),
        };
    }

    private async ValueTask<EncodedImage> EncodeAsync(string tenant, ImageSource.Bytes source, CancellationToken cancellation)
    {
        var image = await generator.EncodeAsync(source.Data, cancellation);
        pictures.Add(tenant, image.Hash);
        return image;
    }

    /// <inheritdoc cref="GuardedPredictor.GuardedAfterRun"/>
    public AnswerForecast? Judge(IScalePredictor predictor, ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer) =>
        predictor.GuardedAfterRun(prior, question, scale, answer, logger);

    private static Exception Explain(ScaleRefusal refusal, RoutingRules rules) => refusal.TooLong
        ? new ContextLengthException(rules.Room.Needed(refusal.Scale), rules.Room.Context, coarsest: refusal.Scale == rules.Ladder[0])
        : new InvalidRequestException([BeyondTheCaps(refusal, rules)]);

    private static FieldFault BeyondTheCaps(ScaleRefusal refusal, RoutingRules rules) => refusal.Needed.VisualTokens > rules.Caps.VisualTokens
        ? new("routing.caps.visual_tokens",
            $"is {rules.Caps.VisualTokens}, below the smallest possible cost of {refusal.Needed.VisualTokens}; raise it or allow a coarser scale")
        : new("routing.caps.flops",
            $"is {rules.Caps.Flops:G6}, below the smallest possible cost of {SufficientFlops(refusal.Needed.Flops):G6} (scale {refusal.Scale}); "
            + "raise it, shorten the question or lower max_new_tokens");

    // Six digits, rounded up: whoever types the number back gets past the cap.
    private static double SufficientFlops(double flops)
    {
        var digit = Math.Pow(10, Math.Floor(Math.Log10(flops)) - 5);
        return Math.Ceiling(flops / digit) * digit;
    }
}
