using M3.Adaptive.Cli.Output;
using Spectre.Console;

namespace M3.Adaptive.Cli.Load;

/// <summary>A run for people.</summary>
internal static class LoadTable
{
    public static void Write(LoadReport report)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders();
        table.AddColumns("what", "value");
        Row("requests", report.Callers is { } callers ? $"{report.Requests}, by {callers} callers" : $"{report.Requests}, {report.Rate:0.##} a second wanted");
        Row("answered", $"{report.Answered} in {report.Seconds:F1} s: {report.Throughput:F2} a second");
        Row("refused", report.Errors.Count == 0 ? "none" : string.Join(", ", report.Errors.Select(static entry => $"{entry.Key} {entry.Value}")));
        Row("latency", $"p50 {Ms(report.LatencyMs.P50)}, p95 {Ms(report.LatencyMs.P95)}, p99 {Ms(report.LatencyMs.P99)}");
        if (report.FirstTokenMs is { } first) Row("first text", $"p50 {Ms(first.P50)}, p95 {Ms(first.P95)}, p99 {Ms(first.P99)}");
        Row("answers by scale", string.Join(", ", report.Scales.Select(static entry => $"{entry.Key}: {entry.Value}")));
        Row("visual tokens", report.MeanVisualTokens is { } mean ? $"{report.ChargedVisualTokens} charged, {mean:F1} an answer" : "none charged");
        Row("GFLOP", $"{report.ChargedFlops / 1e9:F1} charged");
        Row("right", report.Accuracy is { } accuracy ? $"{accuracy:P1}" : "-");
        Row("model", report.Model ?? "none");
        Row("predictor", report.Predictor ?? "none: every question is asked at the safe scale");
        Terminal.Out.Write(table);
        foreach (var (status, detail) in report.ErrorDetails) Terminal.Write($"{status}: {detail}");

        void Row(string what, string value) => table.AddRow(Terminal.Cell(what), Terminal.Cell(value));
    }

    private static string Ms(double? time) => time is { } value ? $"{value:F1} ms" : "-";
}
