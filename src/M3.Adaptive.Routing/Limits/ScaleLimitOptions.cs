using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Limits;

/// <summary>How many visual tokens one key may be given.</summary>
public sealed class ScaleLimitOptions
{
    public const string Section = "Limits";

    /// <summary>Visual tokens that one key may be given a minute, as many of them at once, counted before each scale runs; unlimited unless set.</summary>
    [Range(576, 1_000_000_000)]
    public int? VisualTokensPerMinute { get; set; }
}

[OptionsValidator]
internal sealed partial class ScaleLimitOptionsValidator : IValidateOptions<ScaleLimitOptions>;
