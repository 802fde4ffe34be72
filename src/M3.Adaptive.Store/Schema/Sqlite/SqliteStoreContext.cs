using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace M3.Adaptive.Store.Schema.Sqlite;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteStoreContext(DbContextOptions<SqliteStoreContext> options) : StoreContext(options)
{
    public static SqliteStoreContext Open(string connectionString) =>
        new(new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite(connectionString).Options);
}

/// <summary>Lets dotnet-ef build the model; nothing is connected to.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteStoreContext>
{
    public SqliteStoreContext CreateDbContext(string[] args) => SqliteStoreContext.Open("Data Source=:memory:");
}
