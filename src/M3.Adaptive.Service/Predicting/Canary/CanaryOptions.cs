using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Predicting.Canary;

/// <summary>When a canary is taken back.</summary>
public sealed class CanaryOptions
{
    public const string Section = "Canary";

    /// <summary>Probability that a canary which is no worse is taken back all the same, however long it runs.</summary>
    [Range(0.0001, 0.5)]
    public double Delta { get; set; } = 0.05;

    /// <summary>By how much of the champion's mean charge, in visual tokens, a canary may cost more.</summary>
    [Range(0, 10)]
    public double CostMargin { get; set; } = 0.1;

    /// <summary>Answers, and answers with known outcome, that each side must have before it is judged by them.</summary>
    [Range(20, 1_000_000)]
    public int LeastAnswers { get; set; } = 50;
}

[OptionsValidator]
internal sealed partial class CanaryOptionsValidator : IValidateOptions<CanaryOptions>;
