using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Budget;

/// <summary>Costs in the unit of a budget, and back. Pure.</summary>
public static class BudgetAmounts
{
    private const double Mega = 1e6;

    /// <summary>What a request counts in a budget. FLOPs are rounded up to whole millions.</summary>
    /// <param name="charged">Of the language model.</param>
    /// <param name="encodeFlops">Of encoding its picture, counted whether it was cached or not: what a request costs does not depend on others.</param>
    public static long Of(BudgetUnit unit, Cost charged, double encodeFlops) => unit switch
    {
        BudgetUnit.VisualTokens => charged.VisualTokens,
        BudgetUnit.Megaflops => (long)Math.Ceiling((charged.Flops + encodeFlops) / Mega),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a unit of budgets."),
    };

    /// <summary>The caps under which a request stays within what is available.</summary>
    public static Caps CapsOf(BudgetUnit unit, long available, double encodeFlops) => unit switch
    {
        BudgetUnit.VisualTokens => new Caps(available, null),
        BudgetUnit.Megaflops => new Caps(null, Math.Max(0, available * Mega - encodeFlops)),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a unit of budgets."),
    };
}
