using System.Diagnostics.Metrics;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>Upper bounds of histograms' buckets.</summary>
internal static class Buckets
{
    /// <summary>Seconds of a part of a request, from a tenth of a millisecond on.</summary>
    public static InstrumentAdvice<double> Stage { get; } =
        new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>Those of OpenTelemetry's semantic conventions for the duration of a request to a model.</summary>
    public static InstrumentAdvice<double> Request { get; } =
        new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    /// <summary>Those of the conventions for the first token.</summary>
    public static InstrumentAdvice<double> FirstToken { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    /// <summary>Those of the conventions for a further token, and three below them, as a small model's come within a millisecond.</summary>
    public static InstrumentAdvice<double> NextToken { get; } =
        new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5] };

    /// <summary>Visual tokens: single rungs, and sums of them.</summary>
    public static InstrumentAdvice<long> VisualTokens { get; } = new() { HistogramBucketBoundaries = [1, 9, 10, 36, 46, 144, 190, 576, 766] };
}
