namespace M3.Adaptive.Core;

/// <summary>A part of a window's budget that one request has reserved.</summary>
/// <param name="Id">Identifies it; settling it twice charges once.</param>
/// <param name="Balance">How the budget stood just before.</param>
/// <param name="Amount">What was reserved, in the budget's unit; above 0.</param>
public sealed record BudgetClaim(Guid Id, BudgetBalance Balance, long Amount);

/// <summary>The end of a claim: what was charged stays charged, the rest of the reservation is given back.</summary>
/// <param name="Amount">What was charged, in the budget's unit; 0 to the claim's amount.</param>
/// <param name="Charged">The same in all units, for the record.</param>
public sealed record BudgetSettlement(BudgetClaim Claim, long Amount, Cost Charged);

/// <summary>What a request asks of its budget once it has seen how that stands.</summary>
/// <param name="Amount">What is to be reserved; 0 reserves nothing.</param>
/// <param name="Plan">What the request goes on with.</param>
public readonly record struct BudgetWish<T>(long Amount, T Plan);

/// <summary>
/// The tenants' budgets, exact across all processes that share the store: nothing is ever reserved beyond a limit. What a dead process had
/// reserved is given back when its lease ends. Safe for concurrent use.
/// </summary>
public interface IBudgetLedger
{
    /// <summary>Lets a request see its budget and reserves what it then asks for, in one step that no other request comes between.</summary>
    /// <param name="plan">
    /// Gets the balance of the current window, or null when the tenant has no budget; may ask for no more than what is available. Pure and quick:
    /// it may run several times, and other requests wait for it.
    /// </param>
    /// <returns>The claim, which the caller must settle; null when nothing was reserved.</returns>
    /// <exception cref="StoreUnavailableException">Nothing can be reserved now.</exception>
    ValueTask<(BudgetClaim? Claim, T Plan)> ReserveAsync<T>(string tenant, Func<BudgetBalance?, BudgetWish<T>> plan, CancellationToken cancellation);

    /// <summary>Ends a claim whose request gives no reply; returns at once. Where that is not possible now it is done later, and surely before the claim's process ends its lease.</summary>
    void Settle(BudgetSettlement settlement);

    /// <summary>Returns when some request of this process has given back what it did not use, or after a moment, as others may have.</summary>
    Task WaitForReleaseAsync(CancellationToken cancellation);
}
