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
    public int MaxEscalations { get; set; } = 4;
}

[OptionsValidator]
internal sealed partial class EscalationOptionsValidator : IValidateOptions<EscalationOptions>;
