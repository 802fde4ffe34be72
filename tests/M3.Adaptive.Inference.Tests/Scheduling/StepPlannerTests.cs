using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Inference.Scheduling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Scheduling;

public sealed class StepPlannerTests
{
    private static readonly StepRoom Room = new(Seconds: 0.01, Positions: 1024, Sequences: 4, KvBytes: 1000);

    private static readonly Gen<PendingWork> AnyWork =
        from encode in Gen.Elements(false, false, true)
        from begun in Gen.Elements(true, false)
        from done in Gen.Choose(0, 600)
        from left in Gen.Choose(1, 700)
        from kv in Gen.Choose(0, 400)
        select encode ? new PendingWork(WorkKind.Encode, begun, done % 4, 4 - (done % 4), 0) : new PendingWork(WorkKind.Prefill, begun, done, left, kv);

    private static readonly Gen<StepRoom> AnyRoom =
        from microseconds in Gen.Choose(1, 50_000)
        from positions in Gen.Choose(StepPlanner.LeastPositions, 2000)
        from sequences in Gen.Choose(0, 8)
        from kv in Gen.Choose(0, 1000)
        select new StepRoom(microseconds * 1e-6, positions, sequences, kv);

    private static readonly Arbitrary<(PendingWork[] Work, StepRoom Room)> Steps = (
        from work in AnyWork.ArrayOf()
        from room in AnyRoom
        select (work, room)).ToArbitrary();

    [Fact]
    public void Plan_AnyStep_TakesNoMoreThanItsTimeOrTheLeastPartOfTheFirst() => Prop.ForAll(Steps, step =>
    {
        var plan = Plan(step.Work, step.Room);
        var seconds = plan.Sum(part => Seconds(step.Work[part.Index], part.Amount));
        var least = plan.Count == 0 ? 0 : Seconds(step.Work[plan[0].Index], Math.Min(step.Work[plan[0].Index].Left, Least(step.Work[plan[0].Index])));
        return seconds <= Math.Max(step.Room.Seconds, least) + 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Plan_AnyStep_StaysWithinPositionsSequencesAndMemory() => Prop.ForAll(Steps, step =>
    {
        var plan = Plan(step.Work, step.Room);
        var begins = plan.Where(part => step.Work[part.Index] is { Begun: false, Kind: WorkKind.Prefill }).ToList();
        return plan.Where(part => step.Work[part.Index].Kind == WorkKind.Prefill).Sum(static part => part.Amount) <= step.Room.Positions
            && begins.Count <= step.Room.Sequences
            && begins.Sum(part => step.Work[part.Index].KvBytes) <= step.Room.KvBytes
            && plan.All(part => part.Amount >= 1 && part.Amount <= step.Work[part.Index].Left);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Plan_AnyStep_TheFirstThatMayRunDoes() => Prop.ForAll(Steps, step =>
    {
        var first = Array.FindIndex(step.Work, work => work.Begun || work.Kind == WorkKind.Encode || (step.Room.Sequences > 0 && work.KvBytes <= step.Room.KvBytes));
        var blocked = Array.FindIndex(step.Work, work => !work.Begun && work.Kind == WorkKind.Prefill);
        if (first < 0 || (blocked >= 0 && blocked < first)) return true;
        return Plan(step.Work, step.Room)[0].Index == first;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Plan_FirstWaitsForMemory_NoLaterOneBegins()
    {
        PendingWork[] work = [Prefill(10) with { KvBytes = 1001 }, Prefill(10) with { KvBytes = 1 }, Prefill(40) with { Begun = true }];

        Assert.Equal([new PlannedWork(2, 40)], Plan(work, Room));
    }

    [Fact]
    public void Plan_LongPrefill_IsCutSoThatItFits()
    {
        var plan = Plan([Prefill(700), Prefill(300)], Room);

        Assert.InRange(Assert.Single(plan).Amount, 90, 110);                      // 0.1 ms a position
    }

    [Fact]
    public void Plan_PartsThatPayAreLonger_CutsNoShorterOnes()
    {
        var plan = Plan([Prefill(700), Prefill(300)], Room with { LeastPart = 200 });

        Assert.Equal([new PlannedWork(0, 200)], plan);
    }

    [Fact]
    public void Plan_ShortOnesFirst_ShareAStepWithAPartOfTheNext()
    {
        var plan = Plan([Prefill(20), Prefill(15), Prefill(700)], Room);

        Assert.Equal([20, 15], plan.Take(2).Select(static part => part.Amount));
        Assert.InRange(plan[2].Amount, StepPlanner.LeastPositions, 80);
    }

    private static PendingWork Prefill(int left) => new(WorkKind.Prefill, Begun: false, Done: 0, left, KvBytes: 10);

    private static List<PlannedWork> Plan(PendingWork[] work, StepRoom room)
    {
        var plan = new List<PlannedWork>();
        StepPlanner.Plan(work, room, new Steady(), plan);
        return plan;
    }

    private static int Least(PendingWork work) => work.Kind == WorkKind.Encode ? 1 : StepPlanner.LeastPositions;

    private static double Seconds(PendingWork work, int amount) => work.Kind == WorkKind.Encode
        ? Enumerable.Range(work.Done, amount).Sum(new Steady().EncodeSlice)
        : new Steady().Prefill(work.Done, amount);
}
