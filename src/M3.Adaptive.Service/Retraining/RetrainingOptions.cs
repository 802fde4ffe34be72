using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Retraining;

/// <summary>When the service retrains its predictor: never by itself unless one of the two is set; <c>./m3 predictor retrain</c> does so at any time.</summary>
public sealed class RetrainingOptions
{
    public const string Section = "Retraining";

    /// <summary>Time between two retrainings; without it, none is due by time.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan? Every { get; set; }

    /// <summary>Audits of this process since the last retraining that make the next one due; without it, none is due by evidence.</summary>
    [Range(100, 10_000_000)]
    public int? AfterAudits { get; set; }

    /// <summary>Processors that a retraining may use. It gets what serving leaves of them.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = 1;

    /// <summary>The training program, <c>M3.Adaptive.Training.dll</c>; without it, the one that was built beside the service.</summary>
    public string? Program { get; set; }
}

[OptionsValidator]
internal sealed partial class RetrainingOptionsValidator : IValidateOptions<RetrainingOptions>;
