using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Budget;

/// <summary>The tenant's budget does not even allow the cheapest scale that the request does.</summary>
/// <param name="shortage">What is missing.</param>
/// <param name="isHeld">Whether it is reserved by running requests, some of which may be given back; else it is spent.</param>
public sealed class BudgetExhaustedException(BudgetShortage shortage, bool isHeld) : Exception(Describe(shortage, isHeld))
{
    public BudgetShortage Shortage { get; } = shortage;

    /// <summary>Whether trying again soon may help; else the next window does.</summary>
    public bool IsHeld { get; } = isHeld;

    private static string Describe(BudgetShortage shortage, bool isHeld)
    {
        var balance = shortage.Balance;
        var unit = balance.Budget.Unit == BudgetUnit.VisualTokens ? "visual tokens" : "million FLOPs";
        return $"The budget of tenant {balance.Budget.Tenant} ({balance.Budget.Limit} {unit} until {balance.WindowEnd:yyyy-MM-dd'T'HH:mm:ss'Z'}) has "
            + $"{balance.Available} left, and the cheapest scale allowed needs {shortage.Needed}: "
            + (isHeld ? "running requests hold the rest; try again soon." : $"allow a coarser scale, or wait for the next window, which begins at {balance.WindowEnd:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
    }
}
