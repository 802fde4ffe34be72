using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.PredictorTraining;

namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary><c>demo retrain</c>: the whole round of a retraining, told step by step.</summary>
internal static class RetrainDemoCommand
{
    private const int Quick = 50;                                              // half of what predictor train fits: three trainings in a minute, and as good here

    private const string ReportJson = "report.json", ReportHtml = "report.html";

    private static readonly Option<int> Trees = new Option<int>("--trees") { Description = "Trees of each head, 1 to 2000.", DefaultValueFactory = _ => Quick }
        .Where(trees => trees is >= 1 and <= 2000, "1 to 2000");

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder of report.html and report.json (default: demo-retrain under $M3_STATE)." };

    private static readonly Option<bool> Json = PredictorArguments.Json();

    public static Command Create()
    {
        var command = new Command("retrain", "Traffic shifts; drift is noticed, audits are labelled, a challenger passes the gate and takes over; a poisoned one is refused. On the shipped model's labels.")
        {
            Trees, Out, Json,
        };
        command.SetWork(RunAsync, whenInterrupted: "nothing was written");
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetValue(Out)?.FullName ?? Path.Combine(StateFolder.Path, "demo-retrain");
        OutputFolder.Require(folder, "a report of demo retrain", entry => Path.GetFileName(entry) is ReportJson or ReportHtml);
        var state = Directory.CreateTempSubdirectory("m3-demo-retrain-");
        try
        {
            var report = await StoryAsync(state.FullName, new PredictorTrainingOptions { Trees = parsed.GetValue(Trees) }, cancellation);
            var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
            OutputFolder.Write(folder, new Dictionary<string, string> { [ReportJson] = json, [ReportHtml] = StoryPage.Html(report) });
            if (parsed.GetValue(Json)) Console.WriteLine(json);
            else Print(report);
            Console.Error.WriteLine($"Plot and all figures: {Path.Combine(folder, ReportHtml)}");
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static async Task<RetrainReport> StoryAsync(string state, PredictorTrainingOptions options, CancellationToken cancellation)
    {
        using var checkpoint = CheckpointFolder.Open(ShippedModel.Folder);
        var (model, tokenizer) = (checkpoint.Identify(), checkpoint.OpenTokenizer());
        var own = new LabelFolder(Path.Combine(ShippedModel.Folder, "labels"), model);
        var labels = StoryLabels.Of(own.Required("routing"), own.Required("calibration"), own.Required("test"));
        var full = TrainedPredictor.Load(Path.Combine(ShippedModel.Folder, "predictor"), model.Hash);
        string[] vocabulary = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Piece)];
        var story = new RetrainStory(model, vocabulary, labels, full, options, state, Tell, cancellation);
        return await Task.Run(story.RunAsync, CancellationToken.None);
    }

    private static void Tell(StoryStep step) => Console.Error.WriteLine($"{step.Name,-16} {step.Accuracy,6:P1} right  {step.VisualTokenShare,6:P1} of the tokens  {step.Note}");

    private static void Print(RetrainReport report)
    {
        Console.WriteLine($"Short of a predictor trained on the full mix, at equal cost: {report.RecoveredWithinPoints:F2} points ({report.RecoveredOnAll:F2} over all {report.Items:N0} questions, {report.RecoveredOnNew:F2} over the new ones); before: {report.LostWithout:F2}.");
        Console.WriteLine($"Drift {(report.DriftAlarmed ? "was noticed" : "was not noticed")}; the gate {(report.GatePassed ? "let the retrained predictor pass" : "refused the retrained predictor")}; the poisoned update was {(report.PoisonRefused ? "refused" : "not refused")}.");
    }
}
