using M3.Adaptive.Cli.Connection;
using Spectre.Console;

namespace M3.Adaptive.Cli.Output;

/// <summary>A service's status for people.</summary>
internal static class StatusTable
{
    public static void Write(ServiceStatus status)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders();
        table.AddColumns("what", "value");
        table.AddRow(Terminal.Cell("service"), Terminal.Cell($"{status.Server}, {(status.Serving ? "serving" : "not serving")}"));
        table.AddRow(Terminal.Cell("model"), Terminal.Cell(status.Model ?? "none"));
        table.AddRow(Terminal.Cell("predictor"), Terminal.Cell(Champion(status)));
        if (status.Challenger is { } tried) table.AddRow(Terminal.Cell("challenger"), Terminal.Cell(Challenger(tried)));
        if (status.PredictorFault) table.AddRow(Terminal.Cell("fault"), Terminal.Cell("the version that the registry names cannot be served: the service's log says why"));
        if (status is { Answers: { } answers, Unfamiliar: { } unfamiliar })
            table.AddRow(Terminal.Cell("answers"), Terminal.Cell($"{answers}, {unfamiliar} of them outside what the model is made for"));
        if (status.DriftAlarms is [_, ..] alarms)
            table.AddRow(Terminal.Cell("drift"), Terminal.Cell($"{string.Join(", ", alarms)}: unlike what the predictor was made for (training/README.md, Runbook)"));
        Terminal.Out.Write(table);
    }

    private static string Champion(ServiceStatus status) => status switch
    {
        { Predictor: null } => "none: every question is asked at the safe scale",
        { Champion: { } number } => $"{status.Predictor}, version {number}",
        _ => status.Predictor,
    };

    private static string Challenger(TriedVersion tried) => tried.Share > 0
        ? FormattableString.Invariant($"version {tried.Version} as {tried.Stage}, for {tried.Share:P1} of the requests")
        : $"version {tried.Version} as {tried.Stage}";
}
