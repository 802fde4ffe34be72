using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Retries;

/// <summary>How long replies are remembered for retries with the same request id.</summary>
public sealed class ReplyOptions
{
    public const string Section = "Routing:Replies";

    /// <summary>Replies remembered at most; the oldest goes first.</summary>
    [Range(1, 1_000_000)]
    public int MaxReplies { get; set; } = 10_000;

    /// <summary>Time for which a reply is remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromMinutes(10);
}

[OptionsValidator]
internal sealed partial class ReplyOptionsValidator : IValidateOptions<ReplyOptions>;
