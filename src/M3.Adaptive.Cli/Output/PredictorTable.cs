using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace M3.Adaptive.Cli.Output;

/// <summary>Versions of a service's predictor, for people or as JSON under the names that the registry's own commands give.</summary>
internal static class PredictorTable
{
    public static void Write(ListPredictorsResponse all, bool json)
    {
        if (json)
        {
            JsonOutput.Write(new { Champion = ChampionOf(all), all.Before, Challenger = View(all.Challenger), Versions = all.Versions.Select(View) });
            return;
        }

        Table(
            ["version", "predictor", "serves", "gate", "made", "by", "why"],
            all.Versions.Select(version => (string[])
            [
                $"{version.Number}", PredictorOf(version), AliasOf(version.Number, all), GateOf(version), TimeOf(version), version.MadeBy, version.Why,
            ]));
    }

    public static void Write(PredictorVersion version, bool json)
    {
        if (json) JsonOutput.Write(View(version));
        else Table(
            ["what", "value"],
            [
                ["version", $"{version.Number}"], ["predictor", PredictorOf(version)], ["made", $"{TimeOf(version)} by {version.MadeBy}: {version.Why}"],
                ["parent", version.HasParent ? $"{version.Parent}" : ""], ["gate", GateOf(version)],
                .. version.Gate?.Checks.Select(static check => (string[])[$"gate: {check.Name}", $"{Figure(check.Figure)}, bound {Figure(check.Bound)}: {(check.Passed ? "passed" : "failed")}"]) ?? [],
                .. version.Figures.OrderBy(static figure => figure.Key, StringComparer.Ordinal).Select(static figure => (string[])[figure.Key, Figure(figure.Value)]),
            ]);
    }

    public static void Write(DiffPredictorsResponse diff, bool json)
    {
        if (json) JsonOutput.Write(new { Figures = diff.Figures.Select(static figure => new { figure.Name, From = From(figure), To = To(figure) }) });
        else Table(
            ["figure", "from", "to", "change"],
            diff.Figures.Select(static figure => (string[])[figure.Name, Figure(From(figure)), Figure(To(figure)), figure is { HasFrom: true, HasTo: true } ? Figure(figure.To - figure.From) : ""]));
    }

    /// <summary>What decides now.</summary>
    public static void WriteServing(ListPredictorsResponse all, bool json)
    {
        if (json) JsonOutput.Write(new { Champion = ChampionOf(all), all.Before, Challenger = View(all.Challenger) });
        else Terminal.Write(all.Challenger is { } tried
            ? $"version {all.Champion} is champion; version {tried.Number} is tried as {AliasOf(tried.Number, all)}"
            : $"version {all.Champion} is champion; none is tried");
    }

    private static int? ChampionOf(ListPredictorsResponse all) => all.HasChampion ? all.Champion : null;

    private static string AliasOf(int number, ListPredictorsResponse all) =>
        all.HasChampion && all.Champion == number ? "champion"
        : all.Challenger is { } tried && tried.Number == number ? tried.Share > 0 ? $"{NameOf(tried.Stage)} {Figure(tried.Share)}" : NameOf(tried.Stage)
        : "";

    private static string PredictorOf(PredictorVersion version) => version.HasPredictorVersion_ ? version.PredictorVersion_ : "damaged";

    private static string GateOf(PredictorVersion version) => version switch
    {
        { HasParent: false, Gate: null } => "came with the model",
        { Gate: null } => "not checked",
        _ => version.Gate.Passed ? "passed" : "failed",
    };

    private static object View(PredictorVersion version) => new
    {
        version.Number,
        Predictor = version.HasPredictorVersion_ ? version.PredictorVersion_ : null,
        By = version.MadeBy,
        At = version.MadeAt?.ToDateTimeOffset(),
        version.Why,
        Parent = version.HasParent ? version.Parent : (int?)null,
        Figures = new SortedDictionary<string, double>(version.Figures, StringComparer.Ordinal),
        Gate = version.Gate is { } gate ? new { gate.Passed, Checks = gate.Checks.Select(static check => new { check.Name, check.Figure, check.Bound, check.Passed }) } : null,
    };

    private static object? View(Trial? tried) => tried is null ? null : new { Version = tried.Number, Stage = NameOf(tried.Stage), tried.Share, Since = tried.Since.ToDateTimeOffset() };

    private static double? From(FigureDifference figure) => figure.HasFrom ? figure.From : null;

    private static double? To(FigureDifference figure) => figure.HasTo ? figure.To : null;

    private static string NameOf(TrialStage stage) => $"{stage}".ToLowerInvariant();

    private static string TimeOf(PredictorVersion version) => version.MadeAt?.ToDateTimeOffset().ToString("u", CultureInfo.InvariantCulture) ?? "";

    private static string Figure(double? value) => value is { } number ? number.ToString("0.####", CultureInfo.InvariantCulture) : "";

    private static void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns(columns);
        foreach (var row in rows) table.AddRow(row.Select(static cell => (IRenderable)Terminal.Cell(cell)).ToArray());
        Terminal.Out.Write(table);
    }
}
