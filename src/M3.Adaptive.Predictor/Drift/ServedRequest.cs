using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Drift;

/// <summary>What drift is told from: one request that was decided on.</summary>
/// <param name="Features">The predictor's input, as the decision is logged with.</param>
/// <param name="First">The scale that was chosen first.</param>
/// <param name="Escalated">Whether a finer one ran, too.</param>
/// <param name="Unfamiliar">Whether the answer was called unfamiliar.</param>
/// <param name="Confidence">As reported with the answer.</param>
/// <param name="Right">Whether the answer was right, where that is known, as from an audit.</param>
public sealed record ServedRequest(float[] Features, VisualScale First, bool Escalated, bool Unfamiliar, float Confidence, bool? Right)
{
    internal static float[] FirstScales(IReadOnlyCollection<ServedRequest> requests) =>
        [.. VisualScale.All.Select(scale => requests.Count(request => request.First == scale) / (float)requests.Count)];

    internal static double EscalationRate(IEnumerable<ServedRequest> requests) => requests.Average(request => request.Escalated ? 1.0 : 0);

    internal static double UnfamiliarShare(IEnumerable<ServedRequest> requests) => requests.Average(request => request.Unfamiliar ? 1.0 : 0);

    /// <summary>Null where no answer is known.</summary>
    internal static double? CalibrationGap(IEnumerable<ServedRequest> requests) =>
        requests.Where(request => request.Right is not null).Select(request => (double?)(request.Confidence - (request.Right == true ? 1 : 0))).Average();
}
