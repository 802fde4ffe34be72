using System.ComponentModel.DataAnnotations;

namespace M3.Adaptive.Predictor.Drift;

/// <summary>When traffic counts as unlike what the predictor was made for.</summary>
public sealed class DriftOptions
{
    public const string Section = "Drift";

    /// <summary>Latest requests that are looked at.</summary>
    [Range(100, 100_000)]
    public int Window { get; set; } = 1000;

    /// <summary>Requests that a verdict needs.</summary>
    [Range(50, 100_000)]
    public int LeastRequests { get; set; } = 300;

    /// <summary>Audited answers that a verdict about calibration needs.</summary>
    [Range(20, 100_000)]
    public int LeastAudits { get; set; } = 100;

    /// <summary>Population stability index of the most shifted feature above which there is an alarm; 0.25 counts as a large shift.</summary>
    [Range(0.01, 100)]
    public double FeatureStability { get; set; } = 0.25;

    /// <summary>The same of the mix of first scales.</summary>
    [Range(0.01, 100)]
    public double ScaleStability { get; set; } = 0.25;

    /// <summary>By how much the share of escalated requests may differ, either way.</summary>
    [Range(0.001, 1)]
    public double EscalationChange { get; set; } = 0.1;

    /// <summary>By how much the mean confidence of audited answers may exceed the share of right ones, or fall short of it, beyond what it did at home and what luck explains.</summary>
    [Range(0.001, 1)]
    public double CalibrationGap { get; set; } = 0.05;

    /// <summary>Share of unfamiliar answers that may come on top of what there was at home.</summary>
    [Range(0.001, 1)]
    public double UnfamiliarShare { get; set; } = 0.1;
}
