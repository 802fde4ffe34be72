using System.Buffers.Text;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Auditing;
using M3.Adaptive.Store.Caching;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Keys;

/// <summary>
/// Keys: <c>m3_ID_SECRET</c>, the secret 256 random bits. Only their hash is kept. All of them are held in memory for a second at a time, so that
/// looking one up costs no query. Safe for concurrent use.
/// </summary>
public sealed class KeyStore : IKeyRing
{
    /// <summary>How long it may take until a key that another process made or revoked counts here.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(1);

    private const string Prefix = "m3";
    private const int IdBytes = 6, SecretBytes = 32;

    private readonly StoreDatabase _database;
    private readonly GroupCommit _writer;
    private readonly TimeProvider _clock;
    private readonly Recent<FrozenDictionary<string, KeyRow>> _known;

    internal KeyStore(StoreDatabase database, GroupCommit writer, TimeProvider clock)
    {
        (_database, _writer, _clock) = (database, writer, clock);
        _known = new(KnownFor, clock, async () => (await ReadAsync(CancellationToken.None)).ToFrozenDictionary(static row => row.Id));
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key itself, which is told this once, and what is kept of it.</returns>
    public async Task<(string Key, KeyRecord Record)> CreateAsync(string tenant, KeyRole role, string actor, CancellationToken cancellation)
    {
        var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
        var key = $"{Prefix}_{id}_{secret}";
        var now = _clock.GetUtcNow();
        var row = new KeyRow { Id = id, Hash = HashOf(key), Tenant = tenant, Role = (int)role, CreatedAt = Instant.Of(now) };
        await _writer.RunAsync(
            session =>
            {
                AuditTrail.Add(session, actor, "key.create", tenant, $$"""{"id":"{{id}}","role":"{{role}}"}""", now);
                return session.Execute(
                    "INSERT INTO keys (id, hash, tenant, role, created_at) VALUES (@id, @hash, @tenant, @role, @at)",
                    ("@id", row.Id), ("@hash", row.Hash), ("@tenant", row.Tenant), ("@role", row.Role), ("@at", row.CreatedAt));
            },
            cancellation);
        _known.Forget();
        return (key, Record(row));
    }

    /// <summary>Ends a key: it opens nothing any more.</summary>
    /// <returns>False when there is no such key, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string id, string actor, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var isRevoked = await _writer.RunAsync(
            session =>
            {
                if (session.Execute("UPDATE keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL", ("@at", Instant.Of(now)), ("@id", id)) == 0) return false;
                AuditTrail.Add(session, actor, "key.revoke", id, "{}", now);
                return true;
            },
            cancellation);
        _known.Forget();
        return isRevoked;
    }

    /// <summary>Every key, oldest first, revoked ones included.</summary>
    public async Task<IReadOnlyList<KeyRecord>> ListAsync(CancellationToken cancellation) =>
        [.. (await ReadAsync(cancellation)).OrderBy(static row => row.CreatedAt).ThenBy(static row => row.Id, StringComparer.Ordinal).Select(Record)];

    /// <inheritdoc/>
    public async ValueTask<bool> AnyAsync(CancellationToken cancellation) => (await _known.GetAsync(cancellation)).Count > 0;

    /// <inheritdoc/>
    public async ValueTask<KeyRecord?> FindAsync(string presented, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(presented);
        if (!TryReadId(presented, out var id) || !(await _known.GetAsync(cancellation)).TryGetValue(id, out var row)) return null;
        // In constant time: how long it takes tells nothing of the secret. The id is no secret.
        return CryptographicOperations.FixedTimeEquals(row.Hash, HashOf(presented)) && row.RevokedAt is null ? Record(row) : null;
    }

    private static bool TryReadId(string key, [NotNullWhen(true)] out string? id)
    {
        var parts = key.Split('_', 3);
        id = parts is [Prefix, { Length: 2 * IdBytes } found, _] ? found : null;
        return id is not null;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static KeyRecord Record(KeyRow row) => new(
        row.Id, row.Tenant, (KeyRole)row.Role, Instant.ToTime(row.CreatedAt), row.RevokedAt is { } revoked ? Instant.ToTime(revoked) : null);

    private async Task<List<KeyRow>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await using var context = _database.CreateContext();
            return await context.Keys.AsNoTracking().ToListAsync(cancellation);
        }
        catch (Exception fault) when (_database.IsOutage(fault))
        {
            throw new StoreUnavailableException(_database.Explain(fault), fault);
        }
    }
}
