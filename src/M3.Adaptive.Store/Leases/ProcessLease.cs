using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;

namespace M3.Adaptive.Store.Leases;

/// <summary>
/// This process as a user of the store. While it renews its lease, what it has reserved is its own; once a lease has ended, whoever keeps
/// house clears up after its holder. Machines' clocks must agree to well within the lease time.
/// </summary>
internal sealed class ProcessLease(GroupCommit writer, TimeProvider clock, TimeSpan time)
{
    private readonly string _holder = $"{Environment.MachineName}:{Environment.ProcessId}";
    private DateTimeOffset _renewedAt = DateTimeOffset.MinValue;

    public Guid Id { get; } = Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>How often it is renewed: two renewals may fail before it ends.</summary>
    public TimeSpan Interval => time / 3;

    public Task RenewAsync(CancellationToken cancellation) => writer.RunAsync(Renew, cancellation);

    /// <summary>Renews it where its turn has been missed, as after the database was out of reach: before anything is held under it.</summary>
    public void RenewIfDue(StoreSession session)
    {
        if (clock.GetUtcNow() - _renewedAt > Interval) Renew(session);
    }

    /// <summary>Gives it back: nothing is left of this process.</summary>
    public Task EndAsync() => writer.RunAsync(session => session.Execute("DELETE FROM leases WHERE id = @id", ("@id", Id)), CancellationToken.None);

    /// <summary>Forgets processes whose lease has ended.</summary>
    public Task ClearUpAsync(CancellationToken cancellation) => writer.RunAsync(
        session => session.Execute("DELETE FROM leases WHERE ends_at < @now", ("@now", Instant.Of(clock.GetUtcNow()))), cancellation);

    private int Renew(StoreSession session)
    {
        var now = clock.GetUtcNow();
        _renewedAt = now;
        return session.Execute(
            "INSERT INTO leases (id, holder, ends_at) VALUES (@id, @holder, @ends) ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at",
            ("@id", Id), ("@holder", _holder), ("@ends", Instant.Of(now + time)));
    }
}
