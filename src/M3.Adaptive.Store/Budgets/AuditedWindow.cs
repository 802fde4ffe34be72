using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Budgets;

/// <summary>One window of one tenant, as the ledger has it and as its parts come to.</summary>
/// <param name="Limit">The limit in force when something was last taken.</param>
/// <param name="Reserved">Sum of the reservations that are held.</param>
/// <param name="Settled">Sum of the settlements.</param>
/// <param name="Ledger">What the ledger says is taken: their sum.</param>
/// <param name="LedgerSettled">What the ledger says is settled.</param>
public sealed record AuditedWindow(
    string Tenant, BudgetUnit Unit, DateTimeOffset Start, TimeSpan Length, long Limit, long Reserved, long Settled, long Ledger, long LedgerSettled)
{
    /// <summary>Whether everything adds up and nothing is over the limit.</summary>
    public bool IsConsistent => Reserved + Settled == Ledger && Settled == LedgerSettled && Ledger <= Limit && Reserved >= 0 && Settled >= 0;
}
