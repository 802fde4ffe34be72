namespace M3.Adaptive.Routing.Decision;

/// <summary>When a finer scale is run after an answer.</summary>
/// <param name="MaxEscalations">Finer scales tried at most; 0 switches escalation off.</param>
/// <param name="ConfidenceThreshold">An answer with at least this confidence is final; 0 to 1.</param>
/// <param name="MinGain">Smallest expected gain in success probability that is worth a run; 0 to 1.</param>
public sealed record EscalationRules(int MaxEscalations, double ConfidenceThreshold, double MinGain)
{
    public static EscalationRules Off { get; } = new(0, 0, 0);
}
