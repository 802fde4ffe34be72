using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Schema;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Decisions;

/// <summary>A decision without what only retraining needs of it.</summary>
/// <param name="Path">Every scale that ran; none where only the choice was asked for.</param>
/// <param name="Outcomes">What was said of the answer.</param>
public sealed record DecisionSummary(
    Guid Id, DateTimeOffset At, string Tenant, string ModelVersion, string PredictorVersion, IReadOnlyList<StepRecord> Path, Cost Charged, IReadOnlyList<SaidOutcome> Outcomes);

/// <summary>Looks decisions up for people. Safe for concurrent use.</summary>
public sealed class RecentDecisions
{
    /// <summary>How many of the store's newest decisions are looked through, so that a rare tenant's page costs no more than another's.</summary>
    public const int LookedThrough = 20_000;

    private readonly StoreDatabase _database;

    internal RecentDecisions(StoreDatabase database) => _database = database;

    /// <summary>The newest decisions, newest first.</summary>
    /// <param name="tenant">Whose; null is everybody's.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public Task<IReadOnlyList<DecisionSummary>> ListAsync(string? tenant, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<DecisionSummary>>(async context =>
    {
        var newest = context.Decisions.AsNoTracking().OrderByDescending(static row => row.At).Take(LookedThrough);
        var wanted = tenant is null ? newest : newest.Where(row => row.Tenant == tenant);
        var rows = await wanted.OrderByDescending(static row => row.At).ThenByDescending(static row => row.Id).Take(count)
            .Select(row => new
            {
                row.Id,
                row.At,
                row.Tenant,
                row.ModelVersion,
                row.PredictorVersion,
                row.Path,
                row.VisualTokens,
                row.Flops,
                row.Seconds,
                Said = context.Outcomes.Where(said => said.DecisionId == row.Id).OrderBy(said => said.SaidBy).ToList(),
            })
            .ToListAsync(cancellation);
        return [.. rows.Select(row => new DecisionSummary(
            row.Id, Instant.ToTime(row.At), row.Tenant, row.ModelVersion, row.PredictorVersion,
            JsonSerializer.Deserialize(row.Path, DecisionJson.Default.IReadOnlyListStepRecord) ?? [], new Cost(row.VisualTokens, row.Flops, row.Seconds),
            [.. row.Said.Select(static one => new SaidOutcome(one.SaidBy, (Verdict)one.Verdict, one.Reference))]))];
    });

    /// <summary>One decision with all that is kept of it; null where there is none of that tenant.</summary>
    /// <param name="tenant">Whose it must be; null is anybody's.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public Task<DecisionRecord?> FindAsync(Guid id, string? tenant, CancellationToken cancellation) => ReadAsync(async context =>
    {
        var row = await context.Decisions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
        if (row is null || (tenant is not null && row.Tenant != tenant)) return null;
        var said = await context.Outcomes.AsNoTracking().Where(one => one.DecisionId == id).OrderBy(static one => one.SaidBy).ToListAsync(cancellation);
        return DecisionStore.Record(row, said, _database.Place);
    });

    private async Task<T> ReadAsync<T>(Func<StoreContext, Task<T>> read)
    {
        try
        {
            await using var context = _database.CreateContext();
            return await read(context);
        }
        catch (Exception fault) when (_database.IsOutage(fault))
        {
            throw new StoreUnavailableException(_database.Explain(fault), fault);
        }
    }
}
