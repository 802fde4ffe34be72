using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Routing;
using M3.Adaptive.Service.Drift;
using M3.Adaptive.Store;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Auditing;

/// <summary>Answers drawn questions again at every scale, one scale after the other, each begun only while no request runs, and keeps what came of it.</summary>
internal sealed class Auditor(
    AuditQueue queue, DriftWatch drift, IGenerator generator, TimeProvider clock, IOptions<AuditOptions> audits, IOptions<RoutingOptions> routing, IOptions<StoreOptions> store, ILogger<Auditor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (audits.Value.Share == 0) return;
        var folder = new AuditFolder(StateFolder.Path, generator.Model);
        folder.Forget(clock.GetUtcNow() - store.Value.RetainFor);
        using var file = folder.Begin(clock.GetUtcNow());
        await foreach (var pending in queue.ReadAsync(stoppingToken))
        {
            try
            {
                if (await AuditAsync(pending, stoppingToken) is not { } audit) continue;
                file.Append(audit);
                queue.CountKept();
                // Without a reference the finest scale's answer stands for the right one.
                drift.Audited(pending.DecisionId, audit.Answers[pending.Served.Rung].Text == audit.Answers[^1].Text);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                ServiceLog.AuditFailed(logger, fault.Message);                    // serving goes on; the next one may succeed
            }
        }
    }

    /// <summary>Null where the picture's features are gone, or a scale has no room for the question.</summary>
    private async Task<AuditRecord?> AuditAsync(PendingAudit pending, CancellationToken cancellation)
    {
        if (!generator.TryGetEncoded(pending.Image, out var image)) return null;
        using var held = image;
        var room = generator.Room(pending.Question);
        if (!VisualScale.All.All(scale => generator.Ladder.Contains(scale) && room.Fits(scale))) return null;
        var decoding = new DecodingOptions { MaxNewTokens = pending.MaxNewTokens ?? routing.Value.MaxNewTokens };
        List<AuditedAnswer> answers = [];
        foreach (var scale in VisualScale.All)
        {
            await queue.IdleAsync(cancellation);
            List<TokenEvidence> tokens = [];
            await foreach (var token in generator.GenerateAsync(new GenerationRequest(image, pending.Question, scale, decoding), cancellation)) tokens.Add(token);
            var charged = Cost.Sum(tokens.Select(token => token.Charged));
            answers.Add(new AuditedAnswer(string.Concat(tokens.Select(token => token.Text)).Trim(), charged.Flops, charged.Seconds, AnswerEvidence.Of(tokens).Encode()));
        }

        return new AuditRecord
        {
            DecisionId = pending.DecisionId,
            At = clock.GetUtcNow(),
            Tenant = pending.Tenant,
            ModelHash = generator.Model.Hash,
            FeatureVersion = PredictorFeatures.Version,
            Image = pending.Image.Value,
            Picture = HalfPrecision.Encode(PredictorFeatures.OfImage(image.Evidence)),
            Question = pending.Question,
            Served = pending.Served.Tokens,
            Answers = answers,
        };
    }
}
