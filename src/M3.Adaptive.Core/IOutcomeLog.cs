namespace M3.Adaptive.Core;

/// <summary>What is known afterwards of an answer.</summary>
public enum Verdict
{
    Unknown = 0,
    Right = 1,
    Wrong = 2,
}

/// <summary>What somebody says of a decision's answer.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Tenant">Whose decision it must be.</param>
/// <param name="Verdict">Right, wrong or unknown; unknown where a reference answer is given instead.</param>
/// <param name="Reference">The right answer, to be compared later; null for none.</param>
/// <param name="By">Who says so; each has one say, and the later one counts.</param>
public sealed record OutcomeRecord(Guid DecisionId, string Tenant, Verdict Verdict, string? Reference, string By);

/// <summary>What somebody said of a decision that is read back.</summary>
/// <param name="By">Who.</param>
/// <param name="Reference">The right answer; null where none was given.</param>
public sealed record SaidOutcome(string By, Verdict Verdict, string? Reference);

/// <summary>A decision of which something has been said.</summary>
/// <param name="Last">The scale that gave its answer; null for one that was only routed.</param>
/// <param name="Before">What the same one had said of it before; null for nothing.</param>
public sealed record JudgedDecision(StepRecord? Last, Verdict? Before);

/// <summary>Keeps outcomes. What was recorded survives the process.</summary>
public interface IOutcomeLog
{
    /// <summary>Returns once the outcome is durable; recording the same again changes nothing.</summary>
    /// <returns>Null when the tenant has no such decision.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be kept now; nothing of it is.</exception>
    ValueTask<JudgedDecision?> RecordAsync(OutcomeRecord outcome, CancellationToken cancellation);
}
