using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace M3.Adaptive.Store.Schema.PostgreSql;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgreSqlStoreContext(DbContextOptions<PostgreSqlStoreContext> options) : StoreContext(options)
{
    public static PostgreSqlStoreContext Open(string connectionString) =>
        new(new DbContextOptionsBuilder<PostgreSqlStoreContext>().UseNpgsql(connectionString).Options);
}

/// <summary>Lets dotnet-ef build the model; nothing is connected to.</summary>
internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlStoreContext>
{
    public PostgreSqlStoreContext CreateDbContext(string[] args) => PostgreSqlStoreContext.Open("Host=localhost");
}
