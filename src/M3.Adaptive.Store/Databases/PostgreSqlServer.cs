using System.Data.Common;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Schema.PostgreSql;
using Npgsql;

namespace M3.Adaptive.Store.Databases;

/// <summary>A PostgreSQL database, shared by service processes of any number of machines.</summary>
internal sealed class PostgreSqlServer : StoreDatabase
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <exception cref="StoreException">The text is no connection string.</exception>
    public PostgreSqlServer(string connectionString)
    {
        try
        {
            _connection = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 32, AutoPrepareMinUsages = 2 };
        }
        catch (ArgumentException fault)
        {
            throw new StoreException($"Store:PostgreSql is no connection string: {fault.Message} Expected one such as Host=db;Database=m3;Username=m3.", fault);
        }
    }

    public override string Place => $"PostgreSQL at {_connection.Host}:{_connection.Port}, database {_connection.Database ?? _connection.Username}";

    public override bool IsQuick(bool outlastsPower) => false;

    // Rows are locked one by one there: nobody starves.
    public override TimeSpan Pause => TimeSpan.Zero;

    // The next statement tells.
    public override bool IsThere => true;

    public override StoreContext CreateContext() => PostgreSqlStoreContext.Open(_connection.ConnectionString);

    public override DbConnection Connect()
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            NpgsqlConnection.ClearAllPools();                                 // others of the pool lead to the same dead server
            throw;
        }
    }

    public override void SetDurability(DbConnection connection, bool outlastsPower)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SET synchronous_commit TO {(outlastsPower ? "on" : "off")}";
        command.ExecuteNonQuery();
    }

    public override bool IsOutage(Exception fault) => fault switch
    {
        _ when IsContention(fault) => false,
        PostgresException known => known.SqlState[..2] is not ("22" or "23"),   // classes of wrong values and broken constraints
        NpgsqlException or TimeoutException or InvalidOperationException { InnerException: NpgsqlException } => true,
        _ => false,
    };

    public override bool IsContention(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public override string Explain(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{Place}: its disk is full; free some there.",
        PostgresException known => $"{Place}: {known.MessageText}. Mend that, or name another by Store:PostgreSql.",
        _ => $"{Place} cannot be reached: {fault.Message.TrimEnd('.')}. Start it, or name another by Store:PostgreSql.",
    };

    // Others may be asked for in the meantime; opening will tell.
    public override void Probe()
    {
        try
        {
            Connect().Dispose();
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            throw new StoreException(Explain(fault), fault);
        }
    }

    protected override async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var context = CreateContext();
        await UpdateAsync(context, cancellation);
    }
}
