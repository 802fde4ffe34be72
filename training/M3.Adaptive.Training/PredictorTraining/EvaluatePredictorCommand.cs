using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>"predictor eval": routes a labelled split as the service would and compares with fixed scales and the oracles.</summary>
internal static class EvaluatePredictorCommand
{
    public static Command Create()
    {
        var (labels, model, json) = (PredictorCommand.Labels(), PredictorCommand.Model(), PredictorCommand.Json());
        var folder = new Option<DirectoryInfo?>("--predictor") { Description = "Folder of the predictor. [default: MODEL/predictor]" };
        var split = new Option<string>("--split") { Description = "Label table to judge on; one that the predictor was not trained on.", DefaultValueFactory = _ => "test" };
        var risk = Unit("--risk", "Share of questions by which wrong answers may outnumber those of always-576.", new RoutingOptions().Risk);
        var gone = new Option<string?>("--confidence") { Hidden = true };
        gone.Validators.Add(static result => result.AddError("--confidence is gone: what a finer scale is worth decides; state a --risk."));
        var evaluate = new Command("eval", "Accuracy and visual tokens of the router against fixed scales and the oracles.") { labels, model, folder, split, risk, gone, json };
        evaluate.SetWork((parsed, _) =>
        {
            var modelFolder = parsed.GetRequiredValue(model);
            using var checkpoint = CheckpointFolder.Open(modelFolder.FullName);
            var predictor = TrainedPredictor.Load(PredictorCommand.Inside(parsed.GetValue(folder), modelFolder, "predictor"), checkpoint.Identify().Hash);
            var from = PredictorCommand.Inside(parsed.GetValue(labels), modelFolder, "labels");
            var table = LabelFile.Load(Path.Combine(from, LabelFile.NameOf(parsed.GetRequiredValue(split))));
            if (table.Items.Count == 0) throw new PredictorException($"The {table.Header.Split} labels hold no items: label again.");

            var report = PredictorReport.Of(
                table, predictor, new RoutingOptions { Risk = parsed.GetValue(risk) }, new EscalationOptions());
            Print(report, parsed.GetValue(json));
        });
        return evaluate;
    }

    private static void Print(PredictorReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            return;
        }

        Console.WriteLine($"{report.Items} items, predictor {report.Predictor}");
        Console.WriteLine($"{"",-16}{"accuracy",10}{"tokens",10}");
        Console.WriteLine(Line("router", new WayToAnswer(report.Quality.Accuracy, report.Quality.VisualTokenShare)));
        foreach (var (name, way) in report.Baselines) Console.WriteLine(Line(int.TryParse(name, out _) ? $"always {name}" : name, way));
        Console.WriteLine($"Calibration error: {string.Join(", ", report.Ece.Select(scale => $"{scale.Key}: {scale.Value:F3}"))}");
        var escalation = report.Escalation;
        Console.WriteLine($"Escalated {escalation.Rate:P1}; precision {escalation.Precision:P1}, recall {escalation.Recall:P1}, harm {escalation.Harm:P1}");
        Console.WriteLine($"Decision: p50 {report.DecisionMicroseconds.P50:F0} us, p99 {report.DecisionMicroseconds.P99:F0} us");
    }

    private static string Line(string name, WayToAnswer way) => $"{name,-16}{way.Accuracy,10:P1}{way.VisualTokenShare,10:P1}";

    private static Option<double> Unit(string name, string description, double fallback) =>
        new Option<double>(name) { Description = $"{description} 0 to 1.", DefaultValueFactory = _ => fallback }
            .Where(value => value is >= 0 and <= 1, "0 to 1");
}
