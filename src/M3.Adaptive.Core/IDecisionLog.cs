namespace M3.Adaptive.Core;

/// <summary>One scale that ran for a request.</summary>
public sealed record StepRecord(int VisualTokens, string Reason, float? PredictedSuccess, float? Confidence, Cost Charged)
{
    /// <summary>Whether picture, question or answer were unlike what the predictor was calibrated on; false where an older decision does not say.</summary>
    public bool Unfamiliar { get; init; }
}

/// <summary>What a predictor that is only tried would have done with a request.</summary>
/// <param name="PredictorVersion">Its version.</param>
/// <param name="VisualTokens">The scale that it would have run first.</param>
/// <param name="Success">What it predicted of each rung, coarsest first.</param>
public sealed record ShadowRecord(string PredictorVersion, int VisualTokens, float[] Success);

/// <summary>Everything needed to retrain from one request: what was seen, chosen, why, how likely, and what it cost.</summary>
public sealed record DecisionRecord
{
    public required Guid DecisionId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whose request it was.</summary>
    // Null when an older file is read, which names none: the generated reader sets what has a default, too.
    public string Tenant { get; init => field = value ?? Tenants.Default; } = Tenants.Default;

    public required string RequestId { get; init; }

    public required string ModelVersion { get; init; }

    public required string PredictorVersion { get; init; }

    /// <summary>Version of the code that computed the features; 0 where nothing says so.</summary>
    public int FeatureVersion { get; init; }

    public required string ImageHash { get; init; }

    /// <summary>The predictor's input; empty when there was no predictor.</summary>
    public required float[] Features { get; init; }

    /// <summary>Predicted success per rung, coarsest first; empty when there was no predictor.</summary>
    public required float[] Success { get; init; }

    /// <summary>Probability with which the policy chose the first scale; above 0, up to 1.</summary>
    public required double Propensity { get; init; }

    /// <summary>The part that the predictor played.</summary>
    public PredictorAlias Alias { get; init; }

    /// <summary>Probability with which the request was given to this alias, whatever the policy then chose; above 0, up to 1.</summary>
    // 0 when an older file is read, which knew one predictor only.
    public double AliasPropensity { get; init => field = value > 0 ? value : 1; } = 1;

    /// <summary>What the challenger would have done; null where none looked on.</summary>
    public ShadowRecord? Shadow { get; init; }

    public required IReadOnlyList<StepRecord> Path { get; init; }

    public required Cost Charged { get; init; }

    /// <summary>Whether the answer lay outside what the predictor was calibrated on.</summary>
    public bool Unfamiliar => Path is [.., { Unfamiliar: true }];

    /// <summary>What is known of the answer, where the decision is read back; empty while nobody has said anything.</summary>
    // Null when an older file is read, as above.
    public IReadOnlyList<SaidOutcome> Outcomes { get; init => field = value ?? []; } = [];
}

/// <summary>Keeps decisions. What was appended survives the process: <see cref="AppendAsync"/> returns once it is durable.</summary>
public interface IDecisionLog
{
    /// <param name="settlement">What the decision's request is charged, kept with it or not at all; null without a claim.</param>
    /// <exception cref="StoreUnavailableException">It cannot be kept now; nothing of this decision is.</exception>
    ValueTask AppendAsync(DecisionRecord decision, BudgetSettlement? settlement, CancellationToken cancellation);
}
