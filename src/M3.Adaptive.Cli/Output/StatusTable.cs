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
        table.AddRow(Terminal.Cell("predictor"), Terminal.Cell(status.Predictor ?? "none: every question is asked at the safe scale"));
        if (status is { Answers: { } answers, Unfamiliar: { } unfamiliar })
            table.AddRow(Terminal.Cell("answers"), Terminal.Cell($"{answers}, {unfamiliar} of them outside what the model is made for"));
        if (status.DriftAlarms is [_, ..] alarms)
            table.AddRow(Terminal.Cell("drift"), Terminal.Cell($"{string.Join(", ", alarms)}: unlike what the predictor was made for (training/README.md, Runbook)"));
        Terminal.Out.Write(table);
    }
}
