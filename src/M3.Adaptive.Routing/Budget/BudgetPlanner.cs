using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Budget;

/// <summary>An episode, or why none can begin: exactly one of the two is set.</summary>
public readonly record struct EpisodeStart(Episode? Episode, ScaleRefusal? Refusal);

/// <summary>What a request does once it has seen its budget.</summary>
public abstract record BudgetPlan
{
    private BudgetPlan()
    {
    }

    /// <summary>It goes on within what it reserves.</summary>
    /// <param name="Ceiling">The finest scale that the budget leaves open; null while it closes none.</param>
    public sealed record Go(Episode Episode, VisualScale? Ceiling) : BudgetPlan;

    /// <summary>It cannot go on whatever its budget is: its own caps, bounds or the context forbid every scale.</summary>
    public sealed record Impossible(ScaleRefusal Refusal) : BudgetPlan;

    /// <summary>It would fit if requests that are running give back what they do not use.</summary>
    public sealed record Wait(BudgetShortage Shortage) : BudgetPlan;

    /// <summary>Not even its cheapest scale fits, whatever is given back.</summary>
    public sealed record Refuse(BudgetShortage Shortage) : BudgetPlan;
}

/// <summary>What is missing.</summary>
/// <param name="Balance">How the budget stands.</param>
/// <param name="Needed">What the cheapest scale allowed counts, in the budget's unit.</param>
public sealed record BudgetShortage(BudgetBalance Balance, long Needed);

/// <summary>
/// Fits a request into its budget: its effective cap is the smaller of its own and what is available, and it reserves the worst case of the route
/// that follows. It is refused only when its cheapest scale is more than all that is not yet settled. Pure.
/// </summary>
public static class BudgetPlanner
{
    /// <param name="balance">Null without a budget.</param>
    /// <param name="rules">The request's own.</param>
    /// <param name="encodeFlops">Of encoding one picture.</param>
    /// <param name="start">Begins an episode under rules; pure.</param>
    public static BudgetWish<BudgetPlan> Plan(BudgetBalance? balance, RoutingRules rules, double encodeFlops, Func<RoutingRules, EpisodeStart> start)
    {
        if (balance is null) return new(0, WithoutBudget(start(rules)));
        var unit = balance.Budget.Unit;
        var ceiling = Brownout.CeilingOf(balance, rules.Ladder);
        var limited = Limit(rules, ceiling, BudgetAmounts.CapsOf(unit, balance.Available, encodeFlops));
        var begun = start(limited);
        if (begun.Episode is { } episode)
        {
            var worst = BudgetAmounts.Of(unit, WorstCase.Of(episode), encodeFlops);
            return new(Math.Min(worst, balance.Available), new BudgetPlan.Go(episode, limited.Max < rules.Max ? limited.Max : null));
        }

        if (start(rules) is { Refusal: { } own }) return new(0, new BudgetPlan.Impossible(own));
        var needed = begun.Refusal?.Needed ?? throw new ArgumentException("An episode begins, or there is a reason why not.", nameof(start));
        var shortage = new BudgetShortage(balance, BudgetAmounts.Of(unit, needed, encodeFlops));
        return new(0, shortage.Needed <= balance.Budget.Limit - balance.Settled ? new BudgetPlan.Wait(shortage) : new BudgetPlan.Refuse(shortage));
    }

    private static BudgetPlan WithoutBudget(EpisodeStart start) => start switch
    {
        { Episode: { } episode } => new BudgetPlan.Go(episode, Ceiling: null),
        { Refusal: { } refusal } => new BudgetPlan.Impossible(refusal),
        _ => throw new ArgumentException("An episode begins, or there is a reason why not.", nameof(start)),
    };

    // A scale that the request insists on stays open: a soft limit refuses nothing.
    private static RoutingRules Limit(RoutingRules rules, VisualScale? ceiling, Caps caps) => rules with
    {
        Max = ceiling is { } open && open < rules.Max ? Finer(open, rules.InBounds.First()) : rules.Max,
        Caps = new Caps(Smaller(rules.Caps.VisualTokens, caps.VisualTokens), Smaller(rules.Caps.Flops, caps.Flops)),
    };

    private static VisualScale Finer(VisualScale one, VisualScale other) => one > other ? one : other;

    private static T? Smaller<T>(T? one, T? other)
        where T : struct, IComparable<T> => one is { } a && other is { } b ? (a.CompareTo(b) < 0 ? a : b) : one ?? other;
}
