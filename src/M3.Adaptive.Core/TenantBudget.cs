namespace M3.Adaptive.Core;

/// <summary>What a budget counts.</summary>
public enum BudgetUnit
{
    /// <summary>Visual tokens given to the language model.</summary>
    VisualTokens = 0,

    /// <summary>Millions of FLOPs, each request rounded up: the language model's, and the encoder's once a request, whether its picture was cached or not.</summary>
    Megaflops = 1,
}

/// <summary>What a tenant may be charged in each window of time. Windows are fixed: they begin at whole multiples of their length since 1970, UTC.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Limit">Charged at most in one window; 0 or more.</param>
/// <param name="Window">Length of a window; whole seconds.</param>
/// <param name="SoftShare">Share of the limit, 0 to 1, from which on finer scales are closed step by step; 1 closes none.</param>
public sealed record TenantBudget(string Tenant, BudgetUnit Unit, long Limit, TimeSpan Window, double SoftShare)
{
    /// <summary>When the window that a time lies in began.</summary>
    public DateTimeOffset WindowStart(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) % Window.Ticks, TimeSpan.Zero);
}

/// <summary>How a budget stands in one window.</summary>
/// <param name="Budget">What may be charged.</param>
/// <param name="WindowStart">When the window began.</param>
/// <param name="Settled">What requests that have ended were charged.</param>
/// <param name="Reserved">What running requests may yet be charged, at most.</param>
public sealed record BudgetBalance(TenantBudget Budget, DateTimeOffset WindowStart, long Settled, long Reserved)
{
    /// <summary>When the next window begins.</summary>
    public DateTimeOffset WindowEnd => WindowStart + Budget.Window;

    /// <summary>What can be reserved now; 0 or more.</summary>
    public long Available => Math.Max(0, Budget.Limit - Settled - Reserved);
}
