using M3.Adaptive.Cli.Output;
using Spectre.Console;

namespace M3.Adaptive.Cli.Demo;

/// <summary>The demonstration for people: a row per question, then the totals.</summary>
internal static class DemoTable
{
    public static void Write(DemoReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("question", "answer", "path", "sure", "tokens");
        foreach (var request in report.Requests)
        {
            table.AddRow(
                Terminal.Cell(request.Question),
                Terminal.Cell(request.Correct ? request.Answer : $"{request.Answer}, wrong: {request.Expected}"),
                Terminal.Cell(string.Join(" > ", request.Path.Select(step => step.Scale))),
                Terminal.Cell(request.Path[^1].Confidence), Terminal.Cell($"{request.ChargedVisualTokens}"));
        }

        Terminal.Out.Write(table);
        WriteTotals(report);
    }

    private static void WriteTotals(DemoReport report)
    {
        var totals = new Table().Border(TableBorder.Simple);
        totals.AddColumns($"{report.Requests.Count} questions", "right", "tokens each", "of 576");
        totals.AddRow(Row("automatic", report.Accuracy, report.VisualTokenShare));
        foreach (var (scale, accuracy) in report.Fixed) totals.AddRow(Row($"always {scale}", accuracy, scale / 576.0));
        Terminal.Out.Write(totals);
        Terminal.Out.WriteLine("answers at visual tokens: " + string.Join(", ", report.FinalScales.Select(entry => $"{entry.Key} ({entry.Value})")));
        Terminal.Out.WriteLine($"outside what the model was made for: {report.Unfamiliar} of {report.Requests.Count}");
        Terminal.Out.WriteLine("ask in a browser: ./m3 playground opens http://127.0.0.1:50052");
    }

    private static Text[] Row(string name, double accuracy, double share) =>
        [Terminal.Cell(name), Terminal.Cell($"{accuracy:P1}"), Terminal.Cell($"{share * 576:F1}"), Terminal.Cell($"{share:P1}")];
}
