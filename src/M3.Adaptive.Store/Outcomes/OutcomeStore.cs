using M3.Adaptive.Core;
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
    public async ValueTask<bool> RecordAsync(OutcomeRecord outcome, CancellationToken cancellation)
    {
        var now = Instant.Of(_clock.GetUtcNow());
        return await _writer.RunAsync(session => Record(session, outcome, now), cancellation);
    }

    private static bool Record(StoreSession session, OutcomeRecord outcome, long now)
    {
        var owners = session.Query("SELECT tenant FROM decisions WHERE id = @id", static row => row.GetString(0), ("@id", outcome.DecisionId));
        if (owners is not [var tenant] || tenant != outcome.Tenant) return false;
        session.Execute(
            """
            INSERT INTO outcomes (decision_id, said_by, verdict, reference, at) VALUES (@id, @by, @verdict, @reference, @at)
            ON CONFLICT (decision_id, said_by) DO UPDATE SET verdict = excluded.verdict, reference = excluded.reference, at = excluded.at
            """,
            ("@id", outcome.DecisionId), ("@by", outcome.By), ("@verdict", (int)outcome.Verdict), ("@reference", outcome.Reference), ("@at", now));
        return true;
    }
}
