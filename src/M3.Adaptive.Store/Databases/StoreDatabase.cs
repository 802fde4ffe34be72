using System.Data.Common;
using M3.Adaptive.Store.Schema;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Databases;

/// <summary>A database that holds the store: how it is reached, brought up to date, and what its faults mean.</summary>
internal abstract class StoreDatabase
{
    /// <summary>File or server, as faults name it; never a password.</summary>
    public abstract string Place { get; }

    /// <summary>What the writer waits after several commits in a row while more is to be written, so that another process has its turn.</summary>
    public abstract TimeSpan Pause { get; }

    /// <summary>Whether a commit takes less time than waking the thread that would otherwise do it.</summary>
    /// <param name="outlastsPower">Whether it is to wait for the device, where the settings have it so.</param>
    public abstract bool IsQuick(bool outlastsPower);

    /// <summary>The tables, over a connection of its own.</summary>
    public abstract StoreContext CreateContext();

    /// <summary>An open connection for the writer. Slow after the database was lost, as it is made anew.</summary>
    /// <exception cref="DbException">It cannot be reached.</exception>
    public abstract DbConnection Connect();

    /// <summary>Whether commits from now on wait for the device, as the settings have it, or never do. A new connection's do.</summary>
    public abstract void SetDurability(DbConnection connection, bool outlastsPower);

    /// <summary>The statement that begins a transaction which no other writer can come between; null where the library's own costs less, as it spares a round trip.</summary>
    public virtual string? Beginning => null;

    /// <summary>Whether commits leave something beside the database that no server moves into it.</summary>
    public virtual bool NeedsTidying => false;

    /// <summary>Moves that into the database. Runs beside commits, and may wait for the device.</summary>
    /// <exception cref="DbException">The database refused; the same again may do.</exception>
    public virtual void Tidy()
    {
    }

    /// <summary>Whether the connection still leads to the database, as far as that can be told without asking it.</summary>
    public abstract bool IsThere { get; }

    /// <summary>Whether a fault is the database's, and not that of one statement's values.</summary>
    public abstract bool IsOutage(Exception fault);

    /// <summary>Whether two processes stood in each other's way, and the same again will do.</summary>
    public abstract bool IsContention(Exception fault);

    /// <summary>What happened and what helps, in one sentence.</summary>
    public abstract string Explain(Exception fault);

    /// <summary>Finds out whether the store can be opened later; leaves nothing behind.</summary>
    /// <exception cref="StoreException">It cannot; the message says why and what helps.</exception>
    public abstract void Probe();

    /// <summary>Makes the database if need be and brings its tables up to date.</summary>
    /// <exception cref="StoreException">It cannot be used; the message says why and what helps.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await MigrateAsync(cancellation);
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            throw new StoreException(Explain(fault), fault);
        }
    }

    protected abstract Task MigrateAsync(CancellationToken cancellation);

    /// <summary>Applies what is missing.</summary>
    protected async Task UpdateAsync(StoreContext context, CancellationToken cancellation)
    {
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellation);
        if (applied.Except(context.Database.GetMigrations()).FirstOrDefault() is { } unknown)
            throw new StoreException($"{Place} was written by a newer version of M3.Adaptive ({unknown}): use that one, or another place.");
        await context.Database.MigrateAsync(cancellation);
    }
}
