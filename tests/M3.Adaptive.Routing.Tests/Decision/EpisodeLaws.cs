using FsCheck.Xunit;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;

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
        Episode.TryStart(situation.Rules, situation.Prediction, situation.Estimates, situation.Draw, situation.Remaining, out _, out var refusal)
        || refusal.TooLong == !situation.Rules.InBounds.Any(situation.Rules.Room.Fits);

    [Property]
    public bool TryStart_ContextDropsScales_DecidesAsIfTheModelDidNotHaveThem(Situation situation)
    {
        var rules = situation.Rules with { Policy = Costs.Economy(0.001), ExplorationRate = 0, Escalation = EscalationRules.Off };
        VisualScale[] left = [.. rules.Ladder.Where(rules.Room.Fits)];
        if (!left.Any(rules.InBounds.Contains)) return true;
        var limited = Scale(rules);
        return limited == Scale(rules with { Ladder = left, Room = ContextRoom.Unlimited });

        VisualScale? Scale(RoutingRules asked) =>
            Episode.TryStart(asked, situation.Prediction, situation.Estimates, default, remaining: null, out var episode, out _) ? episode.Next : null;
    }

    [Property]
    public bool Settled_ForALimit_WouldHaveGoneOnWithoutIt(Run run) => run.Play() is not [.., var end] || end.Settled switch
    {
        SettledReason.NoRoom => !run.Situation.Rules.Room.Fits(Wished(run, end)),
        SettledReason.Cap => run.Situation.Rules.Room.Fits(Wished(run, end)) && !Affordable(run, end).Contains(Wished(run, end)),
        SettledReason.Deadline => Affordable(run, end).Contains(Wished(run, end))
            && run.Situation.Estimates[Wished(run, end).Rung].Seconds > run.Remaining!.Value.TotalSeconds,
        SettledReason.MaxEscalations => end.Path.Count == 1 + run.Situation.Rules.Escalation.MaxEscalations && Wished(run, end) > end.Path[^1].Scale,
        _ => true,
    };

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
    public bool Path_Always_BeginsWithTheDecisionAndGoesOnForValue(Run run) => run.Play() is not [.., var end]
        || (end.Path[0].Reason == end.Decision.Reason && end.Path.Skip(1).All(step => step.Reason == StepReason.Value));

    [Property]
    public bool Next_Always_IsAScaleOrElseThereIsAReason(Run run) =>
        run.Play().All(state => state.Next is null == state.Settled is not SettledReason.None);

    [Property]
    public bool Next_Always_IsWorthMoreThanTheAnswerInHand(Run run) => run.Play().Skip(1).All(state =>
        state.Next is not { } next || state.Weighed.Single(option => option.Scale == next).Value > state.Weighed.Single(option => option.Scale is null).Value);

    [Property]
    public bool Next_UnjudgedAnswer_IsTheLast(Run run) => run.Play().Skip(1).All(state => state.Path[^1].After is not null || state.Next is null);

    [Property]
    public bool Observe_EqualHeads_GiveEqualDecisions(Run run)
    {
        var other = run with
        {
            Situation = run.Situation with { Prediction = run.Situation.Prediction is { } same ? new ScalePrediction([.. same.Success], [9]) { Reported = new float[5] } : null },
            Forecasts = [.. run.Forecasts.Select(same => same is null ? null : new AnswerForecast([.. same.Success], new float[5], 7, true, [9]))],
        };
        return run.Play().Zip(other.Play()).All(pair =>
            (pair.First.Next, pair.First.Settled, pair.First.Charged) == (pair.Second.Next, pair.Second.Settled, pair.Second.Charged));
    }

    [Property]
    public bool Observe_SameRunAgain_GivesTheSameEpisode(Run run) =>
        run.Play().Zip(run.Play()).All(pair =>
            (pair.First.Next, pair.First.Settled, pair.First.Charged) == (pair.Second.Next, pair.Second.Settled, pair.Second.Charged)
            && pair.First.Weighed.SequenceEqual(pair.Second.Weighed));

    [Property]
    public bool ObserveNoRoom_AnyEscalation_SettlesForTheAnswersInHand(Run run) => run.Play().Where(state => state is { Path: not [], Next: not null }).All(state =>
    {
        var settled = state.ObserveNoRoom();
        return (settled.Next, settled.Settled, settled.Charged) == (null, SettledReason.NoRoom, state.Charged) && settled.Path.SequenceEqual(state.Path);
    });

    // Every answer is judged by its first token; the last one then takes all that it was estimated at.
    [Property]
    public bool ObserveRest_AnswerSentAsItCame_KeepsToTheCapsAndAddsUp(Run run)
    {
        var situation = run.Situation;
        if (!Episode.TryStart(situation.Rules, situation.Prediction, situation.Estimates, situation.Draw, situation.Remaining, out var episode, out _)) return true;
        while (episode.Next is { } scale) episode = episode.Observe(run.Forecasts[scale.Rung], Costs.Of(scale, newTokens: 1), run.Remaining);
        var last = episode.Path[^1].Scale;
        var end = episode.ObserveRest(run.Forecasts[last.Rung], situation.Estimates[last.Rung]);
        return situation.Rules.Caps.Allow(end.Charged)
            && end.Charged == Cost.Sum(end.Path.Select(step => step.Charged)) && end.Path[^1].Charged == situation.Estimates[last.Rung]
            && (end.Settled, end.Next, end.Path.Count) == (episode.Settled, null, episode.Path.Count) && end.Path[^1].Weighed.SequenceEqual(episode.Path[^1].Weighed);
    }

    // What an episode without limits would run after the same answer.
    private static VisualScale Wished(Run run, Episode end)
    {
        var rules = run.Situation.Rules with { Caps = Caps.None, Room = ContextRoom.Unlimited, Escalation = new EscalationRules(5) };
        var last = end.Path[^1].Scale;
        return Escalator.Next(rules, end.Forecast, run.Situation.Estimates, new Standing(last, 0, Cost.Zero, null)).Next ?? last;
    }

    private static IEnumerable<VisualScale> Affordable(Run run, Episode end) => run.Situation.Rules.InBounds.Where(scale => scale > end.Path[^1].Scale
        && run.Situation.Rules.Room.Fits(scale) && run.Situation.Rules.Caps.Allow(end.Charged + run.Situation.Estimates[scale.Rung]));
}
