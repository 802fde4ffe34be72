using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Auditing;

/// <summary>Which answers are audited: answered again at every scale while nobody waits, so that the predictor can be retrained.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Share of the greedy answers that are audited, drawn at random. Kept are a picture's features, the question and the answers as texts, never the picture.</summary>
    [Range(0, 1)]
    public double Share { get; set; }

    /// <summary>Audits that may wait for an idle moment; further ones are left out.</summary>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
