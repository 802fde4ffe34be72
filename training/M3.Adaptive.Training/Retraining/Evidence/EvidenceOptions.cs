namespace M3.Adaptive.Training.Retraining.Evidence;

/// <summary>How far clients' feedback is believed.</summary>
public sealed record EvidenceOptions
{
    /// <summary>Share of the full information that one client's word may label, above 0, up to 1, where several tenants ask; what goes beyond is labelled by agreement.</summary>
    public double ClientShare { get; init; } = 0.25;

    /// <summary>Share of contradictions above which a client's word does not count: what the three finest scales agree about is seldom wrong, but in some families it is for every second answer.</summary>
    public double QuarantineAbove { get; init; } = 0.7;

    /// <summary>Answers with a consensus that a quarantine needs.</summary>
    public int LeastJudged { get; init; } = 20;
}
