using System.ComponentModel.DataAnnotations;
using M3.Adaptive.Core;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing;

public enum DefaultPolicy
{
    Quality = 0,
    Economy = 1,
    Target = 2,
}

/// <summary>What applies where a request does not say otherwise.</summary>
public sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>Policy of a request that names none.</summary>
    public DefaultPolicy Policy { get; set; }

    /// <summary>Share of questions by which wrong answers may outnumber those of always the finest scale under the quality policy.</summary>
    [Range(0.0, 1.0)]
    public double Risk { get; set; } = 0.01;

    /// <summary>Visual tokens that a question is to be charged on average under the target policy.</summary>
    [Range(1.0, 576.0)]
    public double TargetVisualTokens { get; set; } = 58;

    /// <summary>Success probability that one visual token costs under the economy policy.</summary>
    [Range(0.0, 1.0)]
    public double PricePerVisualToken { get; set; } = 0.0005;

    /// <summary>Visual tokens of the scale used when there is no usable predictor: 1, 9, 36, 144 or 576.</summary>
    public int SafeScale { get; set; } = 144;

    /// <summary>New tokens of an answer at most, end of sequence included.</summary>
    [Range(1, 1024)]
    public int MaxNewTokens { get; set; } = 64;

    /// <summary>Probability of choosing at random among the allowed scales, so that there is something to learn from.</summary>
    [Range(0.0, 0.5)]
    public double ExplorationRate { get; set; }

    /// <summary>Seed of the exploration.</summary>
    public int ExplorationSeed { get; set; }
}

[OptionsValidator]
internal sealed partial class RoutingOptionsValidator : IValidateOptions<RoutingOptions>;

internal sealed class SafeScaleValidator : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options) => VisualScale.TryOf(options.SafeScale, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{RoutingOptions.Section}:{nameof(RoutingOptions.SafeScale)} is {options.SafeScale}; expected 1, 9, 36, 144 or 576.");
}
