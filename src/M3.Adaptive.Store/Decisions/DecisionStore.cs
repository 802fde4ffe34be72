using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Decisions;

/// <summary>Decisions in the database. Safe for concurrent use.</summary>
public sealed class DecisionStore : IDecisionLog
{
    private const int ForgottenAtOnce = 1000;

    private const string Insert =
        """
        INSERT INTO decisions (id, at, tenant, request_id, model_version, predictor_version, feature_version, image_hash, features, success,
            propensity, path, visual_tokens, flops, seconds)
        VALUES (@id, @at, @tenant, @request, @model, @predictor, @version, @image, @features, @success, @propensity, @path, @tokens, @flops, @seconds)
        ON CONFLICT (id) DO NOTHING
        """;

    private readonly StoreDatabase _database;
    private readonly GroupCommit _writer;

    internal DecisionStore(StoreDatabase database, GroupCommit writer) => (_database, _writer) = (database, writer);

    /// <summary>Returns once the decision is durable; one that is there already is left as it is. A call cancelled while waiting may still have been kept.</summary>
    /// <exception cref="StoreUnavailableException">The database refused; as far as it tells, nothing of this decision is kept.</exception>
    public async ValueTask AppendAsync(DecisionRecord decision, CancellationToken cancellation)
    {
        var row = Row(decision);
        await _writer.RunAsync(session => Add(session, row), cancellation);
    }

    /// <summary>Keeps decisions that were made elsewhere.</summary>
    /// <returns>How many of them were not there before.</returns>
    /// <exception cref="StoreUnavailableException">The database refused; none of them is kept.</exception>
    public Task<int> AddAsync(IReadOnlyCollection<DecisionRecord> decisions, CancellationToken cancellation)
    {
        DecisionRow[] rows = [.. decisions.Select(Row)];
        return _writer.RunAsync(session => rows.Sum(row => Add(session, row)), cancellation);
    }

    /// <summary>Every decision of a stretch of time, oldest first.</summary>
    /// <param name="from">Earliest; null is the first one kept.</param>
    /// <param name="until">Not any more; null is now.</param>
    public async IAsyncEnumerable<DecisionRecord> ReadAsync(DateTimeOffset? from, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long first = from is null ? long.MinValue : Instant.Of(from.Value), end = until is null ? long.MaxValue : Instant.Of(until.Value);
        await using var context = _database.CreateContext();
        var rows = context.Decisions.AsNoTracking().Where(row => row.At >= first && row.At < end).OrderBy(row => row.At).ThenBy(row => row.Id);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation)) yield return Record(row);
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
                session => session.Execute(
                    $"DELETE FROM decisions WHERE id IN (SELECT id FROM decisions WHERE at < @before ORDER BY at LIMIT {ForgottenAtOnce})",
                    ("@before", Instant.Of(before))),
                cancellation);
            total += count;
        }
        while (count == ForgottenAtOnce);
        return total;
    }

    private static int Add(StoreSession session, DecisionRow row) => session.Execute(
        Insert,
        ("@id", row.Id), ("@at", row.At), ("@tenant", row.Tenant), ("@request", row.RequestId), ("@model", row.ModelVersion),
        ("@predictor", row.PredictorVersion), ("@version", row.FeatureVersion), ("@image", row.ImageHash), ("@features", row.Features),
        ("@success", row.Success), ("@propensity", row.Propensity), ("@path", row.Path), ("@tokens", row.VisualTokens), ("@flops", row.Flops),
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
        Path = JsonSerializer.Serialize(decision.Path, DecisionJson.Default.IReadOnlyListStepRecord),
        VisualTokens = decision.Charged.VisualTokens,
        Flops = decision.Charged.Flops,
        Seconds = decision.Charged.Seconds,
    };

    private DecisionRecord Record(DecisionRow row) => new()
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
        Path = JsonSerializer.Deserialize(row.Path, DecisionJson.Default.IReadOnlyListStepRecord)
            ?? throw new StoreException($"{_database.Place}: decision {row.Id} has no path. Delete its row to go on without it."),
        Charged = new Cost(row.VisualTokens, row.Flops, row.Seconds),
    };
}
