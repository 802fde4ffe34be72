using System.Globalization;
using M3.Adaptive.Predictor.Registry;

namespace M3.Adaptive.Service.Administration;

/// <summary>Versions, aliases and changes, for people or as JSON.</summary>
internal static class VersionTable
{
    public static void Write(IReadOnlyList<RegisteredVersion> versions, Aliases aliases, bool json)
    {
        if (json)
        {
            Output.Json(new { aliases.Champion, aliases.Before, Challenger = View(aliases.Challenger), Versions = versions.Select(View) });
            return;
        }

        Output.Table(
            ["version", "predictor", "serves", "gate", "made", "by", "why"],
            versions.Select(version => (string[])
            [
                $"{version.Number}", version.Predictor?.Version ?? "damaged", AliasOf(version.Number, aliases), GateOf(version.Origin),
                version.Origin is { } origin ? Time(origin.At) : "", version.Origin?.By ?? "", version.Fault ?? version.Origin?.Why ?? "",
            ]));
    }

    public static void Write(RegisteredVersion version, bool json)
    {
        if (json)
        {
            Output.Json(View(version));
            return;
        }

        Output.Table(
            ["what", "value"],
            [
                ["version", $"{version.Number}"], ["predictor", version.Predictor?.Version ?? "damaged"], ["folder", version.Folder], ["fault", version.Fault ?? "none"],
                ["made", version.Origin is { } origin ? $"{Time(origin.At)} by {origin.By}: {origin.Why}" : "unknown"], ["parent", $"{version.Origin?.Parent}"], ["gate", GateOf(version.Origin)],
                .. version.Origin?.Gate?.Checks.Select(static check => (string[])[$"gate: {check.Name}", $"{Figure(check.Figure)}, bound {Figure(check.Bound)}: {(check.Passed ? "passed" : "failed")}"]) ?? [],
                .. version.Origin?.Figures.Select(static figure => (string[])[figure.Key, Figure(figure.Value)]) ?? [],
            ]);
    }

    public static void Write(Aliases aliases, IReadOnlyList<RegistryChange> history, bool json)
    {
        if (json)
        {
            Output.Json(new { aliases.Champion, aliases.Before, Challenger = View(aliases.Challenger), History = history.Select(View) });
            return;
        }

        Output.Table(
            ["change", "at", "by", "what", "from", "to", "why"],
            history.Select(static change => (string[])[$"{change.Sequence}", Time(change.At), change.By, Describe(change), $"{change.From}", $"{change.To}", change.Why]));
    }

    public static void Write(IReadOnlyList<FigureDiff> figures, bool json)
    {
        if (json) Output.Json(new { Figures = figures });
        else Output.Table(
            ["figure", "from", "to", "change"],
            figures.Select(static figure => (string[])[figure.Name, Figure(figure.From), Figure(figure.To), figure is { From: { } from, To: { } to } ? Figure(to - from) : ""]));
    }

    public static void Write(RegistryChange change, bool json)
    {
        if (json) Output.Json(View(change));
        else Console.Out.WriteLine(Summary(change));
    }

    private static string Summary(RegistryChange change) => change.What switch
    {
        RegistryAct.Promote => $"version {change.To} is champion, after version {change.From}{(change.Forced ? ", against the gate" : "")}",
        RegistryAct.Rollback => $"version {change.To} is champion again, instead of version {change.From}",
        RegistryAct.EndTrial => $"version {change.From} is no longer tried",
        RegistryAct.Try when change.Stage == ChallengerStage.Shadow => $"version {change.To} looks on as a shadow",
        RegistryAct.Try => $"version {change.To} decides for {Figure(change.Share * 100)} % of the requests",
        _ => $"version {change.To} was taken in",
    };

    private static string Describe(RegistryChange change) => change.What switch
    {
        RegistryAct.Try => change.Stage == ChallengerStage.Shadow ? "shadow" : $"{NameOf(change.Stage)} {Figure(change.Share)}",
        RegistryAct.EndTrial => "end of trial",
        RegistryAct.TakeIn => "take in",
        var what => $"{NameOf(what)}{(change.Forced ? " against the gate" : "")}",
    };

    private static string AliasOf(int number, Aliases aliases) =>
        aliases.Champion == number ? "champion"
        : aliases.Challenger is { } tried && tried.Version == number ? tried.Stage == ChallengerStage.Shadow ? "shadow" : $"{NameOf(tried.Stage)} {Figure(tried.Share)}"
        : "";

    private static string GateOf(VersionOrigin? origin) =>
        origin is null ? "" : origin.CameWithModel ? "came with the model" : origin.Gate is null ? "not checked" : origin.Gate.Passed ? "passed" : "failed";

    private static object View(RegisteredVersion version) => new
    {
        version.Number,
        Predictor = version.Predictor?.Version,
        version.Folder,
        version.Fault,
        version.Origin?.By,
        version.Origin?.At,
        version.Origin?.Why,
        version.Origin?.Parent,
        version.Origin?.Figures,
        version.Origin?.Gate,
        version.Origin?.CameWithModel,
    };

    private static object? View(Challenger? challenger) => challenger is null ? null : new { challenger.Version, Stage = NameOf(challenger.Stage), challenger.Share, challenger.Since };

    private static object View(RegistryChange change) => new
    {
        change.Sequence,
        change.At,
        change.By,
        change.Why,
        What = NameOf(change.What),
        change.From,
        change.To,
        Stage = change.Stage is { } stage ? NameOf(stage) : null,
        change.Share,
        change.Forced,
        change.Figures,
    };

    private static string NameOf<T>(T value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{value}");

    private static string Figure(double? value) => value is { } number ? number.ToString("0.####", CultureInfo.InvariantCulture) : "";

    private static string Time(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);
}
