namespace M3.Adaptive.Predictor.Drift;

/// <summary>Compares the latest requests with those of the labels. Pure.</summary>
public static class DriftStatistics
{
    /// <summary>
    /// <c>features</c> and <c>scales</c> are population stability indices, of the most shifted feature and of the mix of first scales; <c>escalations</c>,
    /// <c>calibration</c> and <c>unfamiliar</c> are distances from what they were at home.
    /// </summary>
    public static IReadOnlyList<string> Measures { get; } = ["features", "scales", "escalations", "calibration", "unfamiliar"];

    /// <param name="latest">Only the last <see cref="DriftOptions.Window"/> count. Requests whose features have another length than the reference's, as those decided without a predictor, are left out.</param>
    public static DriftReport Compare(DriftReference home, IReadOnlyCollection<ServedRequest> latest, DriftOptions options)
    {
        ServedRequest[] requests = [.. latest.Where(request => request.Features.Length == home.Features.Count).TakeLast(options.Window)];
        var known = requests.Count(request => request.Right is not null);
        var isEnough = requests.Length >= options.LeastRequests;
        double? Of(Func<double> measure) => isEnough ? measure() : null;

        double[] shifts = isEnough ? [.. home.Features.Select((feature, i) => feature.StabilityIndex([.. requests.Select(request => request.Features[i])]))] : [];
        var most = Array.IndexOf(shifts, shifts.DefaultIfEmpty().Max());
        return new DriftReport(
            requests.Length,
            [
                new(Measures[0], Of(() => shifts[most]), options.FeatureStability),
                new(Measures[1], Of(() => BinnedDistribution.StabilityIndex(home.FirstScales, ServedRequest.FirstScales(requests), requests.Length)), options.ScaleStability),
                new(Measures[2], Of(() => Math.Abs(ServedRequest.EscalationRate(requests) - home.EscalationRate)), options.EscalationChange),
                new(Measures[3], known >= options.LeastAudits ? Math.Abs((ServedRequest.CalibrationGap(requests) ?? 0) - home.CalibrationGap) : null, options.CalibrationGap + Luck(known)),
                new(Measures[4], Of(() => Math.Max(0, ServedRequest.UnfamiliarShare(requests) - home.UnfamiliarShare)), options.UnfamiliarShare),
            ],
            most);
    }

    // Two standard errors of a share at its most uncertain: audits are few, and a hundred of them are easily off by several points.
    private static double Luck(int known) => known > 0 ? 2 * Math.Sqrt(0.25 / known) : 0;
}
