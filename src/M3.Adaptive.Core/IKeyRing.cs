namespace M3.Adaptive.Core;

public enum KeyRole
{
    /// <summary>May ask questions and say what became of the answers.</summary>
    Client = 0,

    /// <summary>May also set budgets and make keys, for every tenant.</summary>
    Admin = 1,
}

/// <summary>A key as it is kept: everything but the secret.</summary>
/// <param name="Id">The public part of the key, which names it.</param>
/// <param name="Tenant">Whose requests it makes.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">From when on it opens nothing; null while it does.</param>
public sealed record KeyRecord(string Id, string Tenant, KeyRole Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>The keys that callers show. Safe for concurrent use.</summary>
public interface IKeyRing
{
    /// <summary>Whether any key has ever been made: from then on callers need one.</summary>
    /// <exception cref="StoreUnavailableException">That cannot be told now.</exception>
    ValueTask<bool> AnyAsync(CancellationToken cancellation);

    /// <summary>The key that a caller shows; null when there is none, or it is revoked. A revocation by another process counts within a second.</summary>
    /// <exception cref="StoreUnavailableException">That cannot be told now.</exception>
    ValueTask<KeyRecord?> FindAsync(string presented, CancellationToken cancellation);
}
