using Google.Protobuf.WellKnownTypes;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Store.Budgets;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Budgets in the wire contract's words and back.</summary>
internal static class BudgetMapping
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <exception cref="InvalidRequestException">It cannot name a tenant.</exception>
    public static string TenantOf(string text) =>
        Tenants.IsName(text) ? text : throw new InvalidRequestException([new("tenant", $"is no name of a tenant; expected {Tenants.Expectation}")]);

    /// <exception cref="InvalidRequestException">A field is missing or out of range.</exception>
    public static TenantBudget ToBudget(string tenant, Wire.Budget budget)
    {
        var faults = FaultsOf(budget).ToList();
        if (faults is not []) throw new InvalidRequestException(faults);
        var unit = budget.Unit == Wire.BudgetUnit.Megaflops ? BudgetUnit.Megaflops : BudgetUnit.VisualTokens;
        return new TenantBudget(tenant, unit, budget.Limit, budget.Window?.ToTimeSpan() ?? Day, budget.HasSoftShare ? budget.SoftShare : 1);
    }

    public static Wire.Budget ToWire(TenantBudget budget) => new()
    {
        Unit = ToWire(budget.Unit),
        Limit = budget.Limit,
        Window = budget.Window.ToDuration(),
        SoftShare = budget.SoftShare,
    };

    public static Wire.BudgetWindow ToWindow(AuditedWindow window) => new()
    {
        Tenant = window.Tenant,
        Unit = ToWire(window.Unit),
        Start = window.Start.ToTimestamp(),
        Length = window.Length.ToDuration(),
        Limit = window.Limit,
        Reserved = window.Reserved,
        Settled = window.Settled,
        Ledger = window.Ledger,
    };

    private static Wire.BudgetUnit ToWire(BudgetUnit unit) => unit == BudgetUnit.Megaflops ? Wire.BudgetUnit.Megaflops : Wire.BudgetUnit.VisualTokens;

    private static IEnumerable<FieldFault> FaultsOf(Wire.Budget budget)
    {
        if (budget.Unit is not (Wire.BudgetUnit.Unspecified or Wire.BudgetUnit.VisualTokens or Wire.BudgetUnit.Megaflops))
            yield return new("budget.unit", "is none; expected visual tokens or megaflops");
        if (!budget.HasLimit) yield return new("budget.limit", "is missing; expected 0 or more");
        else if (budget.Limit < 0) yield return new("budget.limit", $"is {budget.Limit}; expected 0 or more");
        if (budget.Window is { } window && !(window is { Nanos: 0, Seconds: >= 1 and <= 366 * 86_400 }))
            yield return new("budget.window", $"is {window.Seconds} s and {window.Nanos} ns; expected whole seconds, from 1 to 366 days");
        if (budget.HasSoftShare && budget.SoftShare is not (> 0 and <= 1)) yield return new("budget.soft_share", $"is {budget.SoftShare}; expected a number above 0, up to 1");
    }
}
