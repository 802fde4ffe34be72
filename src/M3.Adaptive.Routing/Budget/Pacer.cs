using System.Collections.Concurrent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Budget;

/// <summary>Every tenant's pace, in this process. Safe for concurrent use.</summary>
internal sealed class Pacer
{
    private readonly ConcurrentDictionary<(string Tenant, BudgetUnit Unit, TimeSpan Window), Pace> _paces = [];

    /// <summary>The rules with the budget's pace as the price, where the request leaves the price open.</summary>
    /// <param name="finest">What an answer at the finest scale may be charged: it turns the settings' price for a visual token into the budget's unit.</param>
    public RoutingRules Paced(RoutingRules rules, BudgetBalance balance, Cost finest, double encodeFlops)
    {
        if (!rules.IsPaced) return rules;
        var counted = BudgetAmounts.Of(balance.Budget.Unit, finest, encodeFlops);
        var start = rules.Policy.Price.Of(finest) / Math.Max(1, counted);
        if (start <= 0) return rules;                                         // a price of nothing asks for no pace
        var pace = _paces.GetOrAdd(Key(balance.Budget), static (_, price) => new Pace(price), start);
        lock (pace)
        {
            return rules with
            {
                Policy = new Policy.Economy(balance.Budget.Unit == BudgetUnit.VisualTokens
                    ? new Price(pace.Price)
                    : new Price(pace.Price * 1000, CostUnit.Gigaflops)),      // the budget counts millions
            };
        }
    }

    /// <summary>Takes account of what a request was charged; only tenants whose requests are paced have a pace.</summary>
    public void Observe(BudgetSettlement settlement, DateTimeOffset now)
    {
        if (!_paces.TryGetValue(Key(settlement.Claim.Balance.Budget), out var pace)) return;
        lock (pace) pace.Observe(settlement.Claim.Balance, settlement.Amount, now);
    }

    /// <summary>Takes account of a request that its budget refused.</summary>
    public void ObserveRefusal(BudgetBalance balance, DateTimeOffset now)
    {
        if (!_paces.TryGetValue(Key(balance.Budget), out var pace)) return;
        lock (pace) pace.ObserveRefusal(balance, now);
    }

    private static (string Tenant, BudgetUnit Unit, TimeSpan Window) Key(TenantBudget budget) => (budget.Tenant, budget.Unit, budget.Window);
}
