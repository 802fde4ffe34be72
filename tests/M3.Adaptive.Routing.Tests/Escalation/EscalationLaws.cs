using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Escalation;
using M3.Adaptive.Routing.Tests.Decision;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Escalation;

/// <summary>Whole requests: decide, run, escalate until settled, with any confidence and answers of any allowed length.</summary>
public sealed class EscalationLaws
{
    private static readonly Gen<(float[] Confidences, double[] Lengths)> Runs =
        from confidences in Gen.Frequency((9, Situations.Unit.Select(value => (float)value)), (1, Gen.Constant(float.NaN))).ArrayOf(5)
        from lengths in Situations.Unit.ArrayOf(5)
        select (confidences, lengths);

    [Fact]
    public void Charged_AnyPredictorAnyConfidence_NeverExceedsTheCaps() => Situations.Hold(Runs, (situation, run) =>
        situation.Rules.Caps.Allow(Cost.Sum(Play(situation, run).Select(step => step.Charged))));

    [Fact]
    public void Path_Always_GetsStrictlyFinerWithinBounds() => Situations.Hold(Runs, (situation, run) =>
    {
        VisualScale[] path = [.. Play(situation, run).Select(step => step.Scale)];
        return path.All(situation.Rules.InBounds) && path.Zip(path.Skip(1)).All(pair => pair.First < pair.Second);
    });

    [Fact]
    public void Path_Always_HasAtMostTheAllowedEscalations() => Situations.Hold(Runs, (situation, run) =>
        Play(situation, run).Count <= 1 + situation.Rules.Escalation.MaxEscalations);

    [Fact]
    public void Next_Always_EitherRunsOrGivesAReason() => Situations.Hold(Runs, (situation, run) =>
        Play(situation, run).All(step => step.Verdict.Next is null == step.Verdict.Settled is not SettledReason.None));

    [Fact]
    public void Next_ConfidentAnswer_IsNeverRunAgain() => Situations.Hold(Runs, (situation, run) =>
        Play(situation, run).All(step => !(run.Confidences[step.Scale.Rung] >= situation.Rules.Escalation.ConfidenceThreshold) || step.Verdict.Next is null));

    [Fact]
    public void Next_StoppedByTheCap_HadNothingThatFits() => Situations.Hold(Runs, (situation, run) =>
    {
        var path = Play(situation, run);
        if (path is [] || path[^1].Verdict.Settled is not SettledReason.Cap) return true;
        var charged = Cost.Sum(path.Select(step => step.Charged));
        return !VisualScale.All.Any(scale => scale > path[^1].Scale && scale <= situation.Rules.Max
            && situation.Rules.Caps.Allow(charged + situation.Estimates[scale.Rung]));
    });

    private static List<(VisualScale Scale, Cost Charged, EscalationVerdict Verdict)> Play(Situation situation, (float[] Confidences, double[] Lengths) run)
    {
        List<(VisualScale Scale, Cost Charged, EscalationVerdict Verdict)> path = [];
        if (!situation.TryDecide(out var decision)) return path;
        VisualScale? next = decision!.Scale;
        while (next is { } scale)
        {
            var longest = situation.Estimates[scale.Rung];
            var unused = run.Lengths[scale.Rung] * (longest.Flops - 1000 * scale.Tokens);                     // a shorter answer costs less
            var charged = longest with { Flops = longest.Flops - unused };
            var sum = Cost.Sum(path.Select(step => step.Charged)) + charged;
            var verdict = Escalator.Next(
                situation.Rules, situation.Prediction, situation.Estimates, new Standing(scale, path.Count, run.Confidences[scale.Rung], sum, null));
            path.Add((scale, charged, verdict));
            next = verdict.Next;
        }

        return path;
    }
}
