namespace M3.Adaptive.Store.Schema;

/// <summary>A tenant's budget as it is set.</summary>
internal sealed class BudgetRow
{
    public required string Tenant { get; init; }

    /// <summary>Number of Core's BudgetUnit.</summary>
    public int Unit { get; init; }

    public long Allowance { get; init; }

    /// <summary>Microseconds.</summary>
    public long WindowLength { get; init; }

    public double SoftShare { get; init; }
}

/// <summary>One window of a tenant's budget: the ledger. What is taken is what reservations and settlements of the window come to.</summary>
internal sealed class AccountRow
{
    public required string Tenant { get; init; }

    public int Unit { get; init; }

    public long WindowLength { get; init; }

    /// <summary>Microseconds since 1970, UTC.</summary>
    public long WindowStart { get; init; }

    /// <summary>The limit in force when something was last taken.</summary>
    public long Allowance { get; init; }

    /// <summary>Reserved and settled; never above the allowance.</summary>
    public long Taken { get; init; }

    public long Settled { get; init; }
}

/// <summary>What a running request may yet be charged.</summary>
internal sealed class ReservationRow
{
    public Guid Id { get; init; }

    public required string Tenant { get; init; }

    public int Unit { get; init; }

    public long WindowLength { get; init; }

    public long WindowStart { get; init; }

    public long Amount { get; init; }

    /// <summary>Lease of the process that runs it.</summary>
    public Guid Holder { get; init; }
}

/// <summary>What a request was charged. Its id is that of its reservation.</summary>
internal sealed class SettlementRow
{
    public Guid Id { get; init; }

    /// <summary>Null where the request gave no reply.</summary>
    public Guid? DecisionId { get; init; }

    public required string Tenant { get; init; }

    public int Unit { get; init; }

    public long WindowLength { get; init; }

    public long WindowStart { get; init; }

    public long Amount { get; init; }

    public long VisualTokens { get; init; }

    public double Flops { get; init; }

    public double Seconds { get; init; }

    public long At { get; init; }
}
