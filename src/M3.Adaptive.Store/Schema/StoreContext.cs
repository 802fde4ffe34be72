using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Schema;

/// <summary>
/// The tables. Each database has a context of its own, as migrations differ. A change of the tables needs one of each:
/// <c>DesignTime=true dotnet-ef migrations add NAME --context SqliteStoreContext --output-dir Schema/Sqlite/Migrations</c>, and the same for PostgreSql.
/// </summary>
internal abstract class StoreContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();

    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DecisionRow>(table =>
        {
            table.ToTable("decisions").HasKey(row => row.Id);
            table.HasIndex(row => row.At);                                      // retention and export go by time
        });
        modelBuilder.Entity<LeaseRow>().ToTable("leases").HasKey(row => row.Id);
        SpellColumnsAsSql(modelBuilder);
    }

    // visual_tokens instead of "VisualTokens": statements of ours need no quotes.
    private static void SpellColumnsAsSql(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(static entity => entity.GetProperties()))
            property.SetColumnName(string.Concat(property.Name.Select(static (letter, i) => char.IsUpper(letter) && i > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}")));
    }
}
