using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;

namespace M3.Adaptive.Store.Outcomes;

/// <summary>What became of decisions. Safe for concurrent use.</summary>
public sealed class OutcomeStore : IOutcomeLog
{
    private readonly GroupCommit _writer;
    private readonly TimeProvider _clock;

    internal OutcomeStore(GroupCommit writer, TimeProvider clock) => (_writer, _clock) = (writer, clock);

    /// <inheritdoc/>
    public async ValueTask<JudgedDecision?> RecordAsync(OutcomeRecord outcome, CancellationToken cancellation)
    {
        var now = Instant.Of(_clock.GetUtcNow());
        return await _writer.RunAsync(session => Record(session, outcome, now), cancellation);
    }

    private static JudgedDecision? Record(StoreSession session, OutcomeRecord outcome, long now)
    {
        var found = session.Query(
            """
            SELECT path, (SELECT verdict FROM outcomes WHERE decision_id = @id AND said_by = @by) FROM decisions WHERE id = @id AND tenant = @tenant
            """,
            static row => (Path: row.GetString(0), Verdict: row.IsDBNull(1) ? (Verdict?)null : (Verdict)row.GetInt32(1)),
            ("@id", outcome.DecisionId), ("@by", outcome.By), ("@tenant", outcome.Tenant));
        if (found is not [var (path, before)]) return null;
        session.Execute(
            """
            INSERT INTO outcomes (decision_id, said_by, verdict, reference, at) VALUES (@id, @by, @verdict, @reference, @at)
            ON CONFLICT (decision_id, said_by) DO UPDATE SET verdict = excluded.verdict, reference = excluded.reference, at = excluded.at
            """,
            ("@id", outcome.DecisionId), ("@by", outcome.By), ("@verdict", (int)outcome.Verdict), ("@reference", outcome.Reference), ("@at", now));
        return new JudgedDecision(JsonSerializer.Deserialize(path, DecisionJson.Default.IReadOnlyListStepRecord) is [.., var last] ? last : null, before);
    }
}
