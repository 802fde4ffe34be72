using M3.Adaptive.Core;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Wishes;
using MediatR;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Says what became of an answer. Nothing in it has been checked yet.</summary>
/// <param name="Tenant">Whose decision it must be.</param>
/// <param name="By">Who says so.</param>
/// <param name="DecisionId">As the reply named it.</param>
/// <param name="Verdict">Null where a reference is given instead.</param>
/// <param name="Reference">What would have been right; null where a verdict is given.</param>
public sealed record OutcomeCommand(string Tenant, string By, string DecisionId, Verdict? Verdict, string? Reference) : IRequest
{
    /// <summary>Unicode code points.</summary>
    public const int MaxReferenceLength = 4096;

    /// <summary>Finds what is missing or out of range. Pure; field names are the wire contract's.</summary>
    internal static IReadOnlyList<FieldFault> FaultsOf(OutcomeCommand command) => [.. Find(command)];

    private static IEnumerable<FieldFault> Find(OutcomeCommand command)
    {
        if (!Guid.TryParse(command.DecisionId, out _)) yield return new("decision_id", "is no UUID; expected the decision_id of a response");
        if (command is { Verdict: null, Reference: null }) yield return new("known", "is missing; send verdict or reference");
        if (command.Verdict is { } verdict && !Enum.IsDefined(verdict)) yield return new("verdict", "is none; expected right, wrong or unknown");
        if (command.Reference?.EnumerateRunes().Count() is { } length and (0 or > MaxReferenceLength))
            yield return new("reference", $"has {length} characters; expected 1 to {MaxReferenceLength}");
    }
}

/// <summary>The tenant has made no such decision, or it has been forgotten.</summary>
public sealed class DecisionNotFoundException(Guid id) : Exception($"There is no decision {id}: it was not made for this caller, or it is no longer kept.")
{
    public Guid Id { get; } = id;
}

/// <summary>Keeps outcomes before it returns.</summary>
internal sealed class OutcomeHandler(IOutcomeLog outcomes, OutcomeMetrics metrics) : IRequestHandler<OutcomeCommand>
{
    public async Task<Unit> Handle(OutcomeCommand command, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(command.DecisionId);
        var outcome = new OutcomeRecord(id, command.Tenant, command.Verdict ?? Verdict.Unknown, command.Reference, command.By);
        var judged = await outcomes.RecordAsync(outcome, cancellationToken) ?? throw new DecisionNotFoundException(id);
        metrics.Judged(judged, outcome.Verdict);
        return Unit.Value;
    }
}
