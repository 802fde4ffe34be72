using M3.Adaptive.Training.Statistics;
using Spectre.Console;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>The report's main figures on a terminal.</summary>
internal static class RouterTable
{
    public static void Print(RouterReport report)
    {
        foreach (var sentence in report.Summary) Console.WriteLine(sentence);
        Console.WriteLine();
        Console.WriteLine($"gap closed  raw {With(report.OracleGapClosed)}, monotone {With(report.OracleGapClosedMonotone)}");
        Console.WriteLine($"            best single to oracle {With(report.BestSingleGapClosed)}");

        Console.WriteLine($"held back   a perfect start would close {Gap("perfectStart")}, perfect confidence {Gap("perfectConfidence")}, perfect forecasts {Gap("perfectForecasts")}");
        string Gap(string part) => $"{report.Ceilings[part].GapClosed.Value:P0}";

        var points = new Table().Border(TableBorder.Simple).AddColumns("tokens", "right", "mixing", "oracle", "gap closed", "lost");
        foreach (var point in report.Pareto)
        {
            points.AddRow(
                $"{point.MeanVisualTokens:F0} for {point.Target}", $"{point.Accuracy:P1}", $"{point.Hull:P1}", $"{point.Oracle:P1}", $"{point.GapClosed.Value:P0}", $"{point.Loss.Value:P1}");
        }

        AnsiConsole.Write(points);
        var ways = new Table().Border(TableBorder.Simple).AddColumns("way", "right", "tokens", "router better by");
        foreach (var (name, way) in report.Baselines)
            ways.AddRow(name, $"{way.Accuracy:P1}", $"{way.VisualTokenShare:P1}", way.Advantage is [] ? "" : Range([.. way.Advantage.Select(gain => gain.Value)]));
        AnsiConsole.Write(ways);

        Console.WriteLine($"calibration error  {string.Join(", ", report.Ece.Select(scale => $"{scale.Key}: {scale.Value:F3}"))}");
        var escalation = report.Escalation;
        Console.WriteLine($"escalated          {escalation.Rate:P1}; precision {escalation.Precision:P1}, recall {escalation.Recall:P1}, harm {escalation.Harm:P1}");
        if (report.RiskGuarantee is { } promise)
            Console.WriteLine($"promise            at most {promise.Alpha:P1} more wrong answers: {promise.Loss.Value:P2}; kept in {promise.Held} of {promise.Splits} splits ({promise.MustHold} needed; {promise.HeldAside} aside, {promise.HeldJudged} from these calibration labels)");
        foreach (var (name, set) in report.Unfamiliar)
            Console.WriteLine($"{name,-19}{set.Share:P1} called unfamiliar, AUROC {set.Auroc:F3}, calibration error {set.Ece:F3}, {set.Items} questions");
        Console.WriteLine($"decision           {report.DecisionMicroseconds.P50:F0} us, 99 %: {report.DecisionMicroseconds.P99:F0} us");
    }

    private static string With(Estimate estimate) => $"{estimate.Value:P1} ({estimate.Low:P1} to {estimate.High:P1})";

    private static string Range(double[] gains) => $"{100 * gains.Min():F1} to {100 * gains.Max():F1} points";
}
