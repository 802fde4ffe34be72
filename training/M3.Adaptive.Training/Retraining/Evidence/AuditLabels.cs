using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Evidence;

/// <summary>Labels an audit's answers by what is known. Pure.</summary>
internal static class AuditLabels
{
    private static readonly VisualScale[] Finer = [.. VisualScale.All.TakeLast(3)];

    /// <summary>The answer in which the three finest scales agree: right in 95 of 100 of m3-nano's calibration questions. Null where they do not.</summary>
    public static string? Consensus(AuditRecord audit)
    {
        var finest = audit.Answers[^1].Text;
        return Finer.All(scale => IsSame(audit.Answers[scale.Rung].Text, finest)) ? finest : null;
    }

    /// <summary>Whether what a client says of an audit's answers goes against their consensus; null where it cannot be told.</summary>
    public static bool? Contradicts(AuditRecord audit, SaidOutcome said)
    {
        if (Consensus(audit) is not { } consensus) return null;
        if (said.Reference is { } reference) return !IsSame(consensus, reference);
        var isServed = IsSame(consensus, Served(audit));
        return said.Verdict switch { Verdict.Right => !isServed, Verdict.Wrong => isServed, _ => null };
    }

    /// <summary>The audit with the outcome at every scale.</summary>
    /// <param name="said">Null where nobody said anything that counts.</param>
    /// <returns>Null where the client calls the very answer wrong that would have to stand for the right one: no scale's outcome is known then.</returns>
    public static AuditedItem? Label(AuditRecord audit, SaidOutcome? said)
    {
        var (right, source) = said switch
        {
            { Reference: { } reference } => (reference, LabelSource.Reference),
            { Verdict: Verdict.Right } => (Served(audit), LabelSource.Verdict),
            _ => (audit.Answers[^1].Text, LabelSource.Agreement),
        };
        if (said is { Reference: null, Verdict: Verdict.Wrong } && IsSame(right, Served(audit))) return null;
        var item = new LabelItem(
            $"{audit.DecisionId}", audit.Image, audit.Question, "",
            [
                .. audit.Answers.Zip(VisualScale.All, (answer, scale) => new ScaleOutcome(
                    IsSame(answer.Text, right), answer.Text, new Cost(scale.Tokens, answer.Flops, answer.Seconds), AnswerEvidence.Decode(answer.Evidence))),
            ]);
        return new AuditedItem(item, HalfPrecision.Decode(audit.Picture, PredictorFeatures.ImageCount), audit.Tenant, source, source == LabelSource.Agreement ? "" : said?.By ?? "");
    }

    private static string Served(AuditRecord audit) => audit.Answers[VisualScale.Of(audit.Served).Rung].Text;

    private static bool IsSame(string answer, string right) => new Question("", "", "", [right]).IsAnsweredBy(answer);
}
