using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Budget;

/// <summary>
/// Saves what is left of a budget: from the soft share on, finer scales are closed one after the other, at equal steps up to the limit, so that
/// more requests are answered, each with less. Pure.
/// </summary>
public static class Brownout
{
    /// <summary>The finest scale that is still open; null while all are.</summary>
    /// <param name="ladder">The model's rungs, coarsest first; at least one.</param>
    public static VisualScale? CeilingOf(BudgetBalance balance, IReadOnlyList<VisualScale> ladder)
    {
        var (limit, soft) = (balance.Budget.Limit, balance.Budget.SoftShare);
        if (limit == 0 || soft >= 1 || ladder.Count == 1) return null;
        var share = (double)(balance.Settled + balance.Reserved) / limit;
        if (share < soft) return null;
        var steps = ladder.Count - 1;                                         // the coarsest is never closed
        var closed = Math.Min(steps, 1 + (int)((share - soft) / (1 - soft) * steps));
        return ladder[steps - closed];
    }
}
