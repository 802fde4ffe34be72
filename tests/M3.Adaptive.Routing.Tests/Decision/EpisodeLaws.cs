using FsCheck.Xunit;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Tests.Decision;

/// <summary>Whole requests on the type that serves them, with any confidence, any answer that keeps to its estimate and any deadline.</summary>
[Properties(Arbitrary = [typeof(Situations)], MaxTest = 2000)]
public sealed class EpisodeLaws
{
    [Property]
    public bool TryStart_SomethingFits_IsNotRefused(Run run) => run.Play().Any() == run.Situation.Fitting.Any();

    [Property]
    public bool TryStart_Always_NamesAScaleThatFits(Run run) =>
        run.Play() is not [var start, ..] || (run.Situation.Fitting.Contains(start.Decision.Scale) && start.Next == start.Decision.Scale);

    [Property]
    public bool Charged_AnyAnswers_NeverExceedsTheCaps(Run run) => run.Play().All(state => run.Situation.Rules.Caps.Allow(state.Charged));

    [Property]
    public bool Path_AnyQuestion_HasRoomAtEveryScale(Run run) =>
        run.Play().All(state => (state.Next is not { } next || run.Situation.Rules.Room.Fits(next)) && state.Path.All(step => run.Situation.Rules.Room.Fits(step.Scale)));

    [Property]
    public bool TryStart_QuestionWithRoomAtTheCheapestScale_IsRefusedForItsCostsAlone(Situation situation) =>
        Episode.TryStart(situation.Rules, situation.Prediction, situation.Estimates, situation.Draw, out _, out var refusal)
        || refusal.TooLong == !situation.Rules.InBounds.Any(situation.Rules.Room.Fits);

    [Property]
    public bool TryStart_ContextDropsScales_DecidesAsIfTheModelDidNotHaveThem(Situation situation)
    {
        var rules = situation.Rules with { Policy = new Policy.Economy(0.001), ExplorationRate = 0, Escalation = EscalationRules.Off };
        VisualScale[] left = [.. rules.Ladder.Where(rules.Room.Fits)];
        if (!left.Any(rules.InBounds.Contains)) return true;
        var limited = Scale(rules);
        return limited == Scale(rules with { Ladder = left, Room = ContextRoom.Unlimited });

        VisualScale? Scale(RoutingRules asked) =>
            Episode.TryStart(asked, situation.Prediction, situation.Estimates, default, out var episode, out _) ? episode.Next : null;
    }

    [Property]
    public bool Settled_ForWantOfRoom_HadNothingFinerThatFitsTheContext(Run run) => run.Play() is not [.., { Settled: SettledReason.NoRoom } end]
        || !run.Situation.Rules.InBounds.Any(scale => scale > end.Path[^1].Scale && run.Situation.Rules.Room.Fits(scale));

    [Property]
    public bool Charged_Always_IsTheSumOverThePath(Run run) => run.Play().All(state => state.Charged == Cost.Sum(state.Path.Select(step => step.Charged)));

    [Property]
    public bool Observe_Always_EndsAfterAtMostOneRunARung(Run run) =>
        run.Play() is not [.., var end] || (end.Next is null && end.Path.Count is >= 1 and <= 5);

    [Property]
    public bool Path_Always_RunsEachScaleOnceInRisingOrderWithinTheBounds(Run run) => run.Play() is not [.., var end]
        || (end.Path.All(step => run.Situation.Rules.InBounds.Contains(step.Scale)) && end.Path.Zip(end.Path.Skip(1)).All(pair => pair.First.Scale < pair.Second.Scale));

    [Property]
    public bool Path_Always_HasAtMostTheAllowedEscalations(Run run) =>
        run.Play() is not [.., var end] || end.Path.Count <= 1 + run.Situation.Rules.Escalation.MaxEscalations;

    [Property]
    public bool Path_Always_BeginsWithTheDecisionAndGoesOnForLowConfidence(Run run) => run.Play() is not [.., var end]
        || (end.Path[0].Reason == end.Decision.Reason && end.Path.Skip(1).All(step => step.Reason == StepReason.LowConfidence));

    [Property]
    public bool Next_Always_IsAScaleOrElseThereIsAReason(Run run) =>
        run.Play().All(state => state.Next is null == state.Settled is not SettledReason.None);

    [Property]
    public bool Next_ConfidentAnswer_IsNeverRunAgain(Run run) => run.Play().Skip(1).All(state =>
        !(state.Path[^1].Confidence >= run.Situation.Rules.Escalation.ConfidenceThreshold) || state.Next is null);

    [Property]
    public bool Settled_ByTheCap_HadNothingThatFits(Run run) =>
        run.Play() is not [.., { Settled: SettledReason.Cap } end] || !Affordable(run, end).Any();

    [Property]
    public bool Settled_ByTheDeadline_HadNothingThatFinishesInTime(Run run) => run.Play() is not [.., { Settled: SettledReason.Deadline } end]
        || Affordable(run, end).All(scale => run.Situation.Estimates[scale.Rung].Seconds > run.Remaining!.Value.TotalSeconds);

    [Property]
    public bool Observe_SameRunAgain_GivesTheSameEpisode(Run run) =>
        run.Play().Zip(run.Play()).All(pair => pair.First.Path.SequenceEqual(pair.Second.Path) && pair.First.Settled == pair.Second.Settled);

    [Property]
    public bool ObserveNoRoom_AnyEscalation_SettlesForTheAnswersInHand(Run run) => run.Play().Where(state => state is { Path: not [], Next: not null }).All(state =>
    {
        var settled = state.ObserveNoRoom();
        return (settled.Next, settled.Settled, settled.Charged) == (null, SettledReason.NoRoom, state.Charged) && settled.Path.SequenceEqual(state.Path);
    });

    private static IEnumerable<VisualScale> Affordable(Run run, Episode end) => run.Situation.Rules.InBounds.Where(scale => scale > end.Path[^1].Scale
        && run.Situation.Rules.Room.Fits(scale) && run.Situation.Rules.Caps.Allow(end.Charged + run.Situation.Estimates[scale.Rung]));
}
