using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Limits;

/// <summary>How much one key may ask of this process; callers without a key share one allowance.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Requests that one key may begin a second, as many of them at once; unlimited unless set.</summary>
    [Range(1, 1_000_000)]
    public int? RequestsPerSecond { get; set; }

    /// <summary>Requests of one key that may run at the same time, streams until their end; unlimited unless set.</summary>
    [Range(1, 65_536)]
    public int? ConcurrentRequests { get; set; }
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
