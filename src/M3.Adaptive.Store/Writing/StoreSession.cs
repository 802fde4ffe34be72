using System.Data;
using System.Data.Common;
using M3.Adaptive.Store.Databases;

namespace M3.Adaptive.Store.Writing;

/// <summary>
/// The writer's connection and its statements, each prepared once. They are plain SQL that both databases understand: through the
/// library's change tracker a batch takes ten times as long. Used by one thread.
/// </summary>
internal sealed class StoreSession : IDisposable
{
    private readonly StoreDatabase _database;
    private readonly DbConnection _connection;
    private readonly Dictionary<string, DbCommand> _commands = [];
    private DbTransaction? _transaction;
    private bool _outlastsPower = true;

    public StoreSession(StoreDatabase database)
    {
        _database = database;
        _connection = database.Connect();
    }

    /// <summary>Whether the database that it leads to is still in its place.</summary>
    public bool IsLive => _database.IsThere;

    /// <param name="outlastsPower">Whether the commit is to wait for the device, where the settings have it so.</param>
    public void Begin(bool outlastsPower)
    {
        if (outlastsPower != _outlastsPower) _database.SetDurability(_connection, outlastsPower);
        _outlastsPower = outlastsPower;
        if (_database.Beginning is { } statement) Execute(statement);
        else _transaction = _connection.BeginTransaction(IsolationLevel.ReadCommitted);   // a conditional update sees what others have committed meanwhile
    }

    public void Commit()
    {
        if (_transaction is null) Execute("COMMIT");
        else _transaction.Commit();
        EndTransaction();
    }

    /// <returns>Rows that were changed.</returns>
    public int Execute(string statement, params ReadOnlySpan<(string Name, object? Value)> values) => Prepare(statement, values).ExecuteNonQuery();

    /// <summary>The rows of a query, each as <paramref name="read"/> gives it.</summary>
    public List<T> Query<T>(string statement, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Prepare(statement, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public void Dispose()
    {
        EndTransaction();                                                     // rolled back unless it was committed, as by the connection's end
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private void EndTransaction()
    {
        _transaction?.Dispose();
        _transaction = null;
    }

    private DbCommand Prepare(string statement, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = statement;
            foreach (var (name, _) in values) command.Parameters.Add(Parameter(command, name));
            _commands.Add(statement, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        command.Transaction = _transaction;
        return command;
    }

    private static DbParameter Parameter(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        return parameter;
    }
}
