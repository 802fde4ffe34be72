using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Budget;

/// <summary>
/// What one request holds of its budget and what it was charged so far. Disposing of it settles it, whatever ended the request: what ran is charged
/// and the rest is given back, unless that was kept with the decision. Belongs to one request; not thread-safe.
/// </summary>
/// <param name="claim">Null without a budget.</param>
/// <param name="encodeFlops">Of encoding the request's picture.</param>
internal sealed class BudgetHold(IBudgetLedger ledger, BudgetClaim? claim, VisualScale? ceiling, double encodeFlops) : IDisposable
{
    private Cost _charged;
    private bool _isSettled;

    /// <summary>What is to be kept with the decision; null without a budget.</summary>
    public BudgetSettlement? Settlement => claim is null ? null : new BudgetSettlement(claim, Math.Min(Counted, claim.Amount), _charged);

    /// <summary>What the reply says of the budget; null without one.</summary>
    public BudgetReport? Report => claim is null ? null : new BudgetReport(claim.Balance, Math.Max(0, claim.Balance.Available - Counted), ceiling);

    private long Counted => claim is null ? 0 : BudgetAmounts.Of(claim.Balance.Budget.Unit, _charged, encodeFlops);

    /// <summary>Counts what was charged just now.</summary>
    public void Charge(Cost cost) => _charged += cost;

    /// <summary>The settlement was kept with the decision.</summary>
    public void MarkSettled() => _isSettled = true;

    public void Dispose()
    {
        if (Settlement is { } settlement && !_isSettled) ledger.Settle(settlement);
        _isSettled = true;
    }
}
