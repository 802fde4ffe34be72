using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Budgets;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Decisions;

/// <summary>Decisions in the database. Safe for concurrent use.</summary>
public sealed class DecisionStore : IDecisionLog
{
    private const int ForgottenAtOnce = 1000;

    private static readonly string Oldest = $"SELECT id FROM decisions WHERE at < @before ORDER BY at, id LIMIT {ForgottenAtOnce}";

    private const string Insert =
        """
        INSERT INTO decisions (id, at, tenant, request_id, model_version, predictor_version, feature_version, image_hash, features, success,
            propensity, alias, alias_propensity, shadow, path, visual_tokens, flops, seconds)
        VALUES (@id, @at, @tenant, @request, @model, @predictor, @version, @image, @features, @success, @propensity, @alias, @turn, @shadow, @path, @tokens, @flops, @seconds)
        ON CONFLICT (id) DO NOTHING
        """;

    private readonly StoreDatabase _database;
    private readonly GroupCommit _writer;
    private readonly BudgetStore _budgets;

    internal DecisionStore(StoreDatabase database, GroupCommit writer, BudgetStore budgets) => (_database, _writer, _budgets) = (database, writer, budgets);

    /// <summary>Returns once the decision is durable; one that is there already is left as it is. A call cancelled while waiting may still have been kept.</summary>
    /// <param name="settlement">What its request is charged, kept with it or not at all; null without a claim.</param>
    /// <exception cref="StoreUnavailableException">
    /// The database refused, or the claim was given back, as it was out of reach for longer than the lease, and no longer fits the budget; as far as
    /// the database tells, nothing of this decision is kept.
    /// </exception>
    public async ValueTask AppendAsync(DecisionRecord decision, BudgetSettlement? settlement, CancellationToken cancellation)
    {
        var row = Row(decision);
        await _writer.RunAsync(
            new StoreWork<int>(session => Add(session, row, settlement)) { Order = settlement?.Claim.Balance.Budget.Tenant ?? "" }, cancellation);
        if (settlement is not null) _budgets.TellReleased();
    }

    /// <summary>Keeps decisions that were made elsewhere.</summary>
    /// <returns>How many of them were not there before.</returns>
    /// <exception cref="StoreUnavailableException">The database refused; none of them is kept.</exception>
    public Task<int> AddAsync(IReadOnlyCollection<DecisionRecord> decisions, CancellationToken cancellation)
    {
        DecisionRow[] rows = [.. decisions.Select(Row)];
        return _writer.RunAsync(session => rows.Sum(row => Add(session, row)), cancellation);
    }

    /// <summary>Every decision of a stretch of time with what was said of it, oldest first.</summary>
    /// <param name="from">Earliest; null is the first one kept.</param>
    /// <param name="until">Not any more; null is now.</param>
    public async IAsyncEnumerable<DecisionRecord> ReadAsync(DateTimeOffset? from, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long first = from is null ? long.MinValue : Instant.Of(from.Value), end = until is null ? long.MaxValue : Instant.Of(until.Value);
        await using var context = _database.CreateContext();
        var rows = context.Decisions.AsNoTracking()
            .Where(row => row.At >= first && row.At < end)
            .OrderBy(row => row.At).ThenBy(row => row.Id)
            .Select(row => new { Decision = row, Said = context.Outcomes.Where(said => said.DecisionId == row.Id).OrderBy(said => said.SaidBy).ToList() });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation)) yield return Record(row.Decision, row.Said, _database.Place);
    }

    /// <summary>Deletes decisions made before a time, a thousand a commit, so that answers hardly wait.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var total = 0;
        int count;
        do
        {
            count = await _writer.RunAsync(
                session =>
                {
                    var values = ("@before", (object?)Instant.Of(before));
                    session.Execute($"DELETE FROM outcomes WHERE decision_id IN ({Oldest})", values);
                    return session.Execute($"DELETE FROM decisions WHERE id IN ({Oldest})", values);
                },
                cancellation);
            total += count;
        }
        while (count == ForgottenAtOnce);
        return total;
    }

    private int Add(StoreSession session, DecisionRow row, BudgetSettlement? settlement)
    {
        if (settlement is not null && !Ledger.Settle(session, settlement, row.Id, Instant.ToTime(row.At)))
        {
            throw new StoreUnavailableException(
                $"{_database.Place} was out of reach for longer than Store:LeaseTime: what the request had reserved was given back and has been used up since.");
        }

        return Add(session, row);
    }

    private static int Add(StoreSession session, DecisionRow row) => session.Execute(
        Insert,
        ("@id", row.Id), ("@at", row.At), ("@tenant", row.Tenant), ("@request", row.RequestId), ("@model", row.ModelVersion),
        ("@predictor", row.PredictorVersion), ("@version", row.FeatureVersion), ("@image", row.ImageHash), ("@features", row.Features),
        ("@success", row.Success), ("@propensity", row.Propensity), ("@alias", row.Alias), ("@turn", row.AliasPropensity), ("@shadow", row.Shadow), ("@path", row.Path), ("@tokens", row.VisualTokens), ("@flops", row.Flops),
        ("@seconds", row.Seconds));

    private static DecisionRow Row(DecisionRecord decision) => new()
    {
        Id = decision.DecisionId,
        At = Instant.Of(decision.At),
        Tenant = decision.Tenant,
        RequestId = decision.RequestId,
        ModelVersion = decision.ModelVersion,
        PredictorVersion = decision.PredictorVersion,
        FeatureVersion = decision.FeatureVersion,
        ImageHash = decision.ImageHash,
        Features = MemoryMarshal.AsBytes(decision.Features.AsSpan()).ToArray(),
        Success = MemoryMarshal.AsBytes(decision.Success.AsSpan()).ToArray(),
        Propensity = decision.Propensity,
        Alias = (int)decision.Alias,
        AliasPropensity = decision.AliasPropensity,
        Shadow = decision.Shadow is null ? null : JsonSerializer.Serialize(decision.Shadow, DecisionJson.Default.ShadowRecord),
        Path = JsonSerializer.Serialize(decision.Path, DecisionJson.Default.IReadOnlyListStepRecord),
        VisualTokens = decision.Charged.VisualTokens,
        Flops = decision.Charged.Flops,
        Seconds = decision.Charged.Seconds,
    };

    /// <param name="place">Where it was read, for people.</param>
    internal static DecisionRecord Record(DecisionRow row, IEnumerable<OutcomeRow> said, string place) => new()
    {
        DecisionId = row.Id,
        At = Instant.ToTime(row.At),
        Tenant = row.Tenant,
        RequestId = row.RequestId,
        ModelVersion = row.ModelVersion,
        PredictorVersion = row.PredictorVersion,
        FeatureVersion = row.FeatureVersion,
        ImageHash = row.ImageHash,
        Features = MemoryMarshal.Cast<byte, float>(row.Features).ToArray(),
        Success = MemoryMarshal.Cast<byte, float>(row.Success).ToArray(),
        Propensity = row.Propensity,
        Alias = (PredictorAlias)row.Alias,
        AliasPropensity = row.AliasPropensity,
        Shadow = row.Shadow is null ? null : JsonSerializer.Deserialize(row.Shadow, DecisionJson.Default.ShadowRecord),
        Path = JsonSerializer.Deserialize(row.Path, DecisionJson.Default.IReadOnlyListStepRecord)
            ?? throw new StoreException($"{place}: decision {row.Id} has no path. Delete its row to go on without it."),
        Charged = new Cost(row.VisualTokens, row.Flops, row.Seconds),
        Outcomes = [.. said.Select(static one => new SaidOutcome(one.SaidBy, (Verdict)one.Verdict, one.Reference))],
    };
}
