using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Inference.Scheduling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Scheduling;

/// <summary>The stated bounds, on places and planner together: arrivals while steps run, until everything is served.</summary>
public sealed class FairnessTests
{
    private static readonly int[] Prompts = [30, 40, 65, 170, 600];

    /// <summary>For each arrival, before which step it comes and how long its prompt is.</summary>
    private static readonly Arbitrary<(int Step, int Positions)[]> Arrivals = (
        from step in Gen.Choose(0, 60)
        from positions in Gen.Elements(Prompts)
        select (step, positions)).ArrayOf().ToArbitrary();

    [Fact]
    public void Serve_AnyArrivals_LaterOnesServedBeforeACallCostAtMostPatienceTimesItsOwn() => Prop.ForAll(Arrivals, arrivals =>
    {
        var calls = Serve(arrivals);
        return calls.All(call => calls.Where(other => other.Number > call.Number && other.DoneAt < call.DoneAt).Sum(static other => other.Cost)
            <= FairOrder.Patience * call.Cost);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Serve_ACheapCallBehindDearOnes_IsServedBeforeThoseThatCameJustBefore()
    {
        var calls = Serve([.. Enumerable.Repeat((0, 600), 10), (0, 30)]);

        Assert.Equal(0, calls.Single(static call => call.Positions == 30).DoneAt);
    }

    [Fact]
    public void Serve_CheapCallsWithoutEnd_ADearOneIsServedWithinItsPatience()
    {
        (int, int)[] flood = [(0, 600), .. Enumerable.Range(0, 3000).Select(static i => (i / 4, 30))];   // more than a step can do

        var calls = Serve(flood);

        var dear = calls[0];
        var before = calls.Where(call => call.Number > 0 && call.DoneAt < dear.DoneAt).Sum(static call => call.Cost);
        Assert.InRange(before, dear.Cost, FairOrder.Patience * dear.Cost);
    }

    private static List<Call> Serve((int Step, int Positions)[] arrivals)
    {
        var (order, cost, plan) = (new FairOrder(), new Steady(), new List<PlannedWork>());
        var coming = new Queue<(int Step, int Positions)>(arrivals.OrderBy(static arrival => arrival.Step));
        List<Call> all = [], pending = [];
        for (var step = 0; coming.Count + pending.Count > 0; step++)
        {
            while (coming.TryPeek(out var next) && next.Step <= step)
            {
                var expected = cost.Prefill(0, coming.Dequeue().Positions);
                var call = new Call { Number = all.Count, Positions = next.Positions, Cost = expected, Place = order.Admit(expected) };
                all.Add(call);
                pending.Add(call);
            }

            pending.Sort(static (one, other) => one.Place.CompareTo(other.Place));
            StepPlanner.Plan(
                [.. pending.Select(static call => new PendingWork(WorkKind.Prefill, call.Done > 0, call.Done, call.Positions - call.Done, 1))],
                new StepRoom(0.01, 1024, 100, long.MaxValue), cost, plan);
            foreach (var (index, amount) in plan)
            {
                pending[index].Done += amount;
                if (pending[index].Done == pending[index].Positions) pending[index].DoneAt = step;
            }

            pending.RemoveAll(static call => call.Done == call.Positions);
        }

        return all;
    }

    private sealed class Call
    {
        public required int Number { get; init; }

        public required int Positions { get; init; }

        public required double Cost { get; init; }

        public required double Place { get; init; }

        public int Done { get; set; }

        public int DoneAt { get; set; }
    }
}
