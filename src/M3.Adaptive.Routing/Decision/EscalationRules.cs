namespace M3.Adaptive.Routing.Decision;

/// <summary>How often a finer scale may be run after an answer; whether one is, its worth decides.</summary>
/// <param name="MaxEscalations">Finer scales tried at most; 0 switches escalation off.</param>
public sealed record EscalationRules(int MaxEscalations)
{
    public static EscalationRules Off { get; } = new(0);
}
