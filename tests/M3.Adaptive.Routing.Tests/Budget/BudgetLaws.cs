using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Decision;

namespace M3.Adaptive.Routing.Tests.Budget;

/// <summary>A window of a budget and the requests that meet it, one after the other; each ends at once or stays until the end.</summary>
/// <param name="Stays">By request: whether its reservation is held while later ones begin.</param>
public sealed record BudgetedWindow(BudgetUnit Unit, long Limit, double SoftShare, double EncodeFlops, IReadOnlyList<Run> Runs, IReadOnlyList<bool> Stays);

/// <summary>What the laws of budgets are tried on.</summary>
public static class BudgetedWindows
{
    public static Arbitrary<BudgetedWindow> Window() => (
        from unit in Gen.Elements(BudgetUnit.VisualTokens, BudgetUnit.Megaflops)
        from limit in Gen.Choose(0, unit == BudgetUnit.VisualTokens ? 3000 : 60)
        from soft in Gen.Elements(0.5, 0.8, 1)
        from encode in Gen.Elements(0, 1.5e6)
        from runs in Situations.Run().Generator.ListOf(12)
        from stays in Gen.Elements(true, false).ListOf(12)
        select new BudgetedWindow(unit, limit, soft, encode, [.. runs], [.. stays])).ToArbitrary();
}

/// <summary>Never over, never a false refusal, whatever requests come: on the planner that serves.</summary>
[Properties(Arbitrary = [typeof(BudgetedWindows), typeof(Situations)], MaxTest = 1000)]
public sealed class BudgetLaws
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Property]
    public void Plan_AnyRequests_TakesWhatIsAvailableAndRefusesOnlyBelowTheCheapestScale(BudgetedWindow window)
    {
        var budget = new TenantBudget("t", window.Unit, window.Limit, Hour, window.SoftShare);
        long settled = 0;
        List<(long Amount, long Charged)> held = [];
        foreach (var (run, stays) in window.Runs.Zip(window.Stays))
        {
            var balance = new BudgetBalance(budget, DateTimeOffset.UnixEpoch, settled, held.Sum(claim => claim.Amount));
            var (amount, plan) = BudgetPlanner.Plan(balance, run.Situation.Rules, window.EncodeFlops, rules => Start(run, rules));
            var cheapest = Fitting(run.Situation).Select(cost => (long?)BudgetAmounts.Of(window.Unit, cost, window.EncodeFlops)).Min();

            switch (plan)
            {
                case BudgetPlan.Impossible:
                    Must(cheapest is null && amount == 0, "impossible without its budget, too");
                    break;
                case BudgetPlan.Refuse:
                    Must(cheapest > window.Limit - settled && amount == 0, $"refused though {cheapest} of {window.Limit - settled} fit");
                    break;
                case BudgetPlan.Wait:
                    Must(cheapest > balance.Available && cheapest <= window.Limit - settled && amount == 0, "waits only for what is held");
                    break;
                case BudgetPlan.Go go:
                    Must(amount >= 0 && amount <= balance.Available && cheapest <= balance.Available, "reserves what is available");
                    Must(Brownout.CeilingOf(balance, go.Episode.Rules.Ladder) is not { } open || go.Ceiling is null || go.Ceiling >= open, "says what it closed");
                    var charged = BudgetAmounts.Of(window.Unit, ChargedBy(go.Episode, run), window.EncodeFlops);
                    Must(charged <= amount, $"charged {charged} of {amount}");
                    if (stays) held.Add((amount, charged));
                    else settled += charged;
                    break;
                default:
                    Must(false, "a plan that nobody knows");
                    break;
            }

            Must(settled + held.Sum(claim => claim.Amount) <= window.Limit, "reserved and settled are within the limit");
        }
    }

    [Property]
    public bool CeilingOf_MoreTaken_IsNeverFiner(NonNegativeInt one, NonNegativeInt other, NonNegativeInt limit)
    {
        var budget = new TenantBudget("t", BudgetUnit.VisualTokens, limit.Get, Hour, 0.6);
        var (less, more) = one.Get < other.Get ? (one.Get, other.Get) : (other.Get, one.Get);
        return Ceiling(more) <= Ceiling(less);

        VisualScale Ceiling(long taken) =>
            Brownout.CeilingOf(new BudgetBalance(budget, DateTimeOffset.UnixEpoch, taken, 0), VisualScale.All) ?? VisualScale.Finest;
    }

    [Property]
    public bool CapsOf_WhatStaysWithinThem_IsWithinWhatIsAvailable(NonNegativeInt available, NonNegativeInt encode, Fraction part)
    {
        var caps = BudgetAmounts.CapsOf(BudgetUnit.Megaflops, available.Get, encode.Get);
        var counted = BudgetAmounts.Of(BudgetUnit.Megaflops, new Cost(1, part.Value * (caps.Flops ?? 0), 0), encode.Get);
        return counted <= available.Get || caps.Flops == 0;
    }

    private static EpisodeStart Start(Run run, RoutingRules rules)
    {
        var situation = run.Situation;
        Episode.TryStart(rules, situation.Prediction, situation.Estimates, situation.Draw, situation.Remaining, out var episode, out var refusal);
        return new(episode, refusal);
    }

    private static IEnumerable<Cost> Fitting(Situation situation) => situation.Fitting.Select(scale => situation.Estimates[scale.Rung]);

    private static Cost ChargedBy(Episode episode, Run run)
    {
        while (episode.Next is { } scale) episode = episode.Observe(run.Forecasts[scale.Rung], run.Situation.Estimates[scale.Rung], run.Remaining);
        return episode.Charged;
    }

    private static void Must(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
