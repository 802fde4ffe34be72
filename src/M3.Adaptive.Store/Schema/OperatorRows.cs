namespace M3.Adaptive.Store.Schema;

/// <summary>A key that callers show, without its secret.</summary>
internal sealed class KeyRow
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the whole key; it holds 256 random bits, so that no slower hash is needed.</summary>
    public required byte[] Hash { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Number of Core's KeyRole.</summary>
    public int Role { get; init; }

    public long CreatedAt { get; init; }

    public long? RevokedAt { get; init; }
}

/// <summary>What somebody said of a decision's answer.</summary>
internal sealed class OutcomeRow
{
    public Guid DecisionId { get; init; }

    public required string SaidBy { get; init; }

    /// <summary>Number of Core's Verdict.</summary>
    public int Verdict { get; init; }

    public string? Reference { get; init; }

    public long At { get; init; }
}

/// <summary>What an operator changed.</summary>
internal sealed class AuditRow
{
    public long Id { get; init; }

    public long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>Such as <c>budget.set</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Tenant or key.</summary>
    public required string Subject { get; init; }

    public required string Detail { get; init; }
}
