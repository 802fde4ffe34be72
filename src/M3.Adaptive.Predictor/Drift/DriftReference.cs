using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Drift;

/// <summary>What traffic looked like when a predictor was made: of its calibration labels under the default policy. <c>drift.json</c> in the predictor's folder.</summary>
/// <param name="Features">Of each number of a decision's features: those of the picture, of the question, and how strange both are.</param>
/// <param name="FirstScales">Share of requests by the scale that is chosen first, one a rung, coarsest first.</param>
/// <param name="EscalationRate">Share of requests that ran a finer scale, too.</param>
/// <param name="UnfamiliarShare">Share of the answers that were called unfamiliar.</param>
/// <param name="CalibrationGap">Mean confidence reported minus share of right answers.</param>
public sealed record DriftReference(
    IReadOnlyList<BinnedDistribution> Features, float[] FirstScales, double EscalationRate, double UnfamiliarShare, double CalibrationGap)
{
    /// <summary>From requests as they were when all was well.</summary>
    /// <param name="requests">At least one; all with features, some with known answers.</param>
    public static DriftReference Of(IReadOnlyList<ServedRequest> requests)
    {
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count);
        return new DriftReference(
            [.. Enumerable.Range(0, requests[0].Features.Length).Select(i => BinnedDistribution.Of([.. requests.Select(request => request.Features[i])]))],
            ServedRequest.FirstScales(requests), ServedRequest.EscalationRate(requests), ServedRequest.UnfamiliarShare(requests), ServedRequest.CalibrationGap(requests) ?? 0);
    }
}

/// <summary>Thousands of numbers: without white space.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DriftReference))]
internal sealed partial class DriftJson : JsonSerializerContext;
