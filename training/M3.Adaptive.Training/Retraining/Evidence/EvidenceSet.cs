using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Evidence;

/// <summary>A client whose feedback does not count.</summary>
/// <param name="Judged">Of its answers with a consensus.</param>
/// <param name="Contradictions">How often its word went against it.</param>
public sealed record QuarantinedClient(string Client, int Judged, int Contradictions);

/// <summary>What traffic has shown, in three grades that are kept apart: the first trains and judges, the others only tell how forecasts and choices turned out.</summary>
/// <param name="Audited">Full information.</param>
/// <param name="Pairs">Escalated requests with a known last answer.</param>
/// <param name="Choices">Every request with a known answer, by the scale chosen first.</param>
/// <param name="Quarantined">Clients whose word was not counted in any grade.</param>
/// <param name="Undecided">Audits of which no scale's outcome is known.</param>
/// <param name="Foreign">Audits of another model or of other features, and decisions of another model, left out.</param>
public sealed record EvidenceSet(
    IReadOnlyList<AuditedItem> Audited, IReadOnlyList<EscalationPair> Pairs, IReadOnlyList<ScaleChoice> Choices, IReadOnlyList<QuarantinedClient> Quarantined, int Undecided, int Foreign)
{
    // Of picture and question, and three measures of strangeness; a decision without a predictor, or of an earlier version, has others.
    private static readonly int DecisionFeatures = PredictorFeatures.Count + 3;

    /// <summary>How often the last answers of escalated requests were expected to be right, and how often they were: 0 to 1; null where no pair has a forecast.</summary>
    public (double Forecast, double Right)? Escalations => Pairs.Where(pair => pair.Forecast is not null).ToArray() is [_, ..] pairs
        ? (pairs.Average(pair => pair.Forecast ?? 0.0), pairs.Average(pair => pair.Right ? 1.0 : 0.0))
        : null;

    /// <summary>Puts together what decisions, what was said of them, and audits show. Pure.</summary>
    public static EvidenceSet Of(ModelIdentity model, IReadOnlyCollection<DecisionRecord> decisions, IReadOnlyCollection<AuditRecord> audits, EvidenceOptions options)
    {
        DecisionRecord[] own = [.. decisions.Where(decision => decision.ModelVersion == model.Version)];
        AuditRecord[] usable = [.. audits.Where(audit => audit.ModelHash == model.Hash && audit.FeatureVersion == PredictorFeatures.Version).DistinctBy(audit => audit.DecisionId)];
        var said = own.ToDictionary(decision => decision.DecisionId, decision => decision.Outcomes.Select(outcome => (Client: $"{decision.Tenant}/{outcome.By}", Outcome: outcome)).ToArray());
        var quarantined = Quarantine(usable, said, options);
        var distrusted = quarantined.Select(client => client.Client).ToHashSet();

        SaidOutcome? Word(Guid decision) => said.GetValueOrDefault(decision)?
            .Where(one => !distrusted.Contains(one.Client) && (one.Outcome.Reference is not null || one.Outcome.Verdict != Verdict.Unknown))
            .OrderBy(one => one.Outcome.Reference is null).Select(one => one.Outcome).FirstOrDefault();

        AuditedItem?[] labelled = [.. Capped(usable, Word, options)];
        var known = own.Select(decision => (Decision: decision, Word(decision.DecisionId)?.Verdict)).Where(pair => pair.Verdict is Verdict.Right or Verdict.Wrong && pair.Decision.Path is not []).ToArray();
        return new EvidenceSet(
            [.. labelled.OfType<AuditedItem>()],
            [.. known.Where(pair => pair.Decision.Path.Count > 1).Select(pair => Pair(pair.Decision, pair.Verdict == Verdict.Right))],
            [.. known.Where(pair => pair.Decision.Features.Length == DecisionFeatures).Select(pair => Choice(pair.Decision, pair.Verdict == Verdict.Right))],
            quarantined,
            labelled.Count(item => item is null),
            audits.Count - usable.Length + decisions.Count - own.Length);
    }

    /// <summary>The full information as a table of labels.</summary>
    public static LabelTable Table(string split, ModelIdentity model, IEnumerable<AuditedItem> audited)
    {
        AuditedItem[] items = [.. audited];
        return new LabelTable(
            new LabelHeader(split, model), items.GroupBy(item => item.Item.Image).ToDictionary(image => image.Key, image => image.First().Picture), [.. items.Select(item => item.Item)]);
    }

    private static QuarantinedClient[] Quarantine(
        IEnumerable<AuditRecord> audits, Dictionary<Guid, (string Client, SaidOutcome Outcome)[]> said, EvidenceOptions options) =>
    [
        .. audits.SelectMany(audit => (said.GetValueOrDefault(audit.DecisionId) ?? []).Select(one => (one.Client, Contradicts: AuditLabels.Contradicts(audit, one.Outcome))))
            .Where(one => one.Contradicts is not null)
            .GroupBy(one => one.Client)
            .Select(client => new QuarantinedClient(client.Key, client.Count(), client.Count(one => one.Contradicts == true)))
            .Where(client => client.Judged >= options.LeastJudged && client.Contradictions > options.QuarantineAbove * client.Judged)
            .OrderBy(client => client.Client, StringComparer.Ordinal),
    ];

    // In an order that nobody chooses, so that no client can be first.
    private static IEnumerable<AuditedItem?> Capped(AuditRecord[] audits, Func<Guid, SaidOutcome?> word, EvidenceOptions options)
    {
        var most = audits.Select(audit => audit.Tenant).Distinct().Count() > 1 ? options.ClientShare * audits.Length : audits.Length;
        Dictionary<string, int> used = [];
        foreach (var audit in audits.OrderBy(audit => StableHash.Of($"{audit.DecisionId}")).ThenBy(audit => audit.DecisionId))
        {
            var said = word(audit.DecisionId);
            if (said is not null)
            {
                var client = $"{audit.Tenant}/{said.By}";
                var before = used.GetValueOrDefault(client);
                if (before >= most) said = null;
                else used[client] = before + 1;
            }

            yield return AuditLabels.Label(audit, said);
        }
    }

    private static EscalationPair Pair(DecisionRecord decision, bool right)
    {
        var (from, to) = (decision.Path[^2], decision.Path[^1]);
        return new EscalationPair(decision.ImageHash, VisualScale.Of(from.VisualTokens), VisualScale.Of(to.VisualTokens), to.PredictedSuccess, right);
    }

    private static ScaleChoice Choice(DecisionRecord decision, bool right) =>
        new(decision.ImageHash, decision.Features, VisualScale.Of(decision.Path[0].VisualTokens), decision.Propensity, right);
}
