using System.Globalization;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>One figure of two versions.</summary>
/// <param name="From">Null where the first version lacks it.</param>
/// <param name="To">Null where the second version lacks it.</param>
public sealed record FigureDiff(string Name, double? From, double? To);

/// <summary>What two versions differ in. Pure.</summary>
public static class VersionDiff
{
    /// <summary>Every figure that either has, by name: how it was trained, what each guarantee costs, and what was measured of it. Equal ones are included.</summary>
    public static IReadOnlyList<FigureDiff> Of(RegisteredVersion from, RegisteredVersion to)
    {
        var (before, after) = (FiguresOf(from), FiguresOf(to));
        return [.. before.Keys.Union(after.Keys).Select(name => new FigureDiff(name, Find(before, name), Find(after, name)))];
    }

    private static double? Find(Dictionary<string, double> figures, string name) => figures.TryGetValue(name, out var figure) ? figure : null;

    private static Dictionary<string, double> FiguresOf(RegisteredVersion version)
    {
        var figures = new Dictionary<string, double>();
        if (version.Predictor is { } predictor)
        {
            figures["routing items"] = predictor.Training.RoutingItems;
            figures["calibration items"] = predictor.Training.CalibrationItems;
            foreach (var (head, auroc) in predictor.Training.Auroc) figures[$"AUROC {head}"] = auroc;
            foreach (var fit in predictor.Prices?.Risks.Where(static fit => fit.IsGuaranteed) ?? [])
                figures[string.Create(CultureInfo.InvariantCulture, $"visual tokens at risk {fit.Risk}")] = fit.MeanVisualTokens;
        }

        foreach (var (name, figure) in version.Origin?.Figures ?? []) figures[name] = figure;
        foreach (var check in version.Origin?.Gate?.Checks ?? []) figures[$"gate: {check.Name}"] = check.Figure;
        return figures;
    }
}
