using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Decision;

/// <summary>When a finer scale is tried, where a request does not say otherwise.</summary>
public sealed class EscalationOptions
{
    public const string Section = "Routing:Escalation";

    /// <summary>Whether a finer scale is tried at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Finer scales tried at most.</summary>
    [Range(1, 4)]
    public int MaxEscalations { get; set; } = 2;

    /// <summary>An answer with at least this confidence is final.</summary>
    [Range(0.0, 1.0)]
    public double ConfidenceThreshold { get; set; } = 0.5;

    /// <summary>Smallest expected gain in success probability that is worth a run.</summary>
    [Range(0.0, 1.0)]
    public double MinGain { get; set; } = 0.02;
}

[OptionsValidator]
internal sealed partial class EscalationOptionsValidator : IValidateOptions<EscalationOptions>;
