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

    public DbSet<BudgetRow> Budgets => Set<BudgetRow>();

    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    public DbSet<ReservationRow> Reservations => Set<ReservationRow>();

    public DbSet<SettlementRow> Settlements => Set<SettlementRow>();

    public DbSet<KeyRow> Keys => Set<KeyRow>();

    public DbSet<OutcomeRow> Outcomes => Set<OutcomeRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DecisionRow>(table =>
        {
            table.ToTable("decisions").HasKey(row => row.Id);
            table.Property(row => row.AliasPropensity).HasDefaultValue(1.0);    // before there were challengers, one predictor had every request
            table.HasIndex(row => row.At);                                      // retention and export go by time
        });
        modelBuilder.Entity<LeaseRow>().ToTable("leases").HasKey(row => row.Id);
        modelBuilder.Entity<BudgetRow>().ToTable("budgets").HasKey(row => row.Tenant);
        modelBuilder.Entity<AccountRow>().ToTable("accounts").HasKey(row => new { row.Tenant, row.Unit, row.WindowLength, row.WindowStart });
        modelBuilder.Entity<ReservationRow>(table =>
        {
            table.ToTable("reservations").HasKey(row => row.Id);
            table.HasIndex(row => row.Holder);                                  // those of dead processes are looked for
        });
        modelBuilder.Entity<SettlementRow>(table =>
        {
            table.ToTable("settlements").HasKey(row => row.Id);
            table.HasIndex(row => new { row.Tenant, row.Unit, row.WindowLength, row.WindowStart });
        });
        modelBuilder.Entity<KeyRow>().ToTable("keys").HasKey(row => row.Id);
        modelBuilder.Entity<OutcomeRow>().ToTable("outcomes").HasKey(row => new { row.DecisionId, row.SaidBy });
        modelBuilder.Entity<AuditRow>().ToTable("audit").HasKey(row => row.Id);
        SpellColumnsAsSql(modelBuilder);
    }

    // visual_tokens instead of "VisualTokens": statements of ours need no quotes.
    private static void SpellColumnsAsSql(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(static entity => entity.GetProperties()))
            property.SetColumnName(string.Concat(property.Name.Select(static (letter, i) => char.IsUpper(letter) && i > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}")));
    }
}
