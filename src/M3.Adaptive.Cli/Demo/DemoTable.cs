using M3.Adaptive.Cli.Output;
using Spectre.Console;

namespace M3.Adaptive.Cli.Demo;

/// <summary>The demonstration for people: a row per question, then the totals.</summary>
internal static class DemoTable
{
    public static void Write(DemoReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("picture", "question", "answer", "", "path", "confidence", "charged");
        foreach (var request in report.Requests)
        {
            table.AddRow(
                Terminal.Cell(Path.GetFileName(request.Image)), Terminal.Cell(request.Question), Terminal.Cell(request.Answer),
                request.Correct ? Terminal.Cell("right") : Terminal.Cell($"wrong: {request.Expected}"),
                Terminal.Cell(string.Join(" > ", request.Path.Select(step => step.Scale))),
                Terminal.Cell(request.Path[^1].Confidence), Terminal.Cell($"{request.ChargedVisualTokens}"));
        }

        Terminal.Out.Write(table);
        WriteTotals(report);
    }

    private static void WriteTotals(DemoReport report)
    {
        var totals = new Table().Border(TableBorder.Simple);
        totals.AddColumns($"{report.Requests.Count} questions", "right", "visual tokens a question", "share of always 576");
        totals.AddRow(Row("always 1", report.AccuracyCoarsest, 1 / 576.0));
        totals.AddRow(Row("automatic", report.Accuracy, report.VisualTokenShare));
        totals.AddRow(Row("always 576", report.AccuracyFinest, 1));
        Terminal.Out.Write(totals);
        Terminal.Out.WriteLine(
            "answers given at: " + string.Join(", ", report.FinalScales.Select(entry => $"{entry.Key} visual tokens {entry.Value} times")));
    }

    private static Text[] Row(string name, double accuracy, double share) =>
        [Terminal.Cell(name), Terminal.Cell($"{accuracy:P1}"), Terminal.Cell($"{share * 576:F1}"), Terminal.Cell($"{share:P1}")];
}
