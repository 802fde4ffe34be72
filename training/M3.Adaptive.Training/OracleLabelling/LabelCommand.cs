using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary><c>label</c>: is the answer right at each scale, for every question of a data set.</summary>
internal static class LabelCommand
{
    private static readonly Option<DirectoryInfo> Model = ShippedModel.Option("A checkpoint folder in the published format.");

    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "A folder with pictures and questions.jsonl.", Required = true };

    private static readonly Option<string> Split = new("--split") { Description = "Name of the table: routing, calibration, test or your own.", Required = true };

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Folder of the label tables (default: labels inside the model's folder).",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on standard output." };

    public static Command Create()
    {
        var command = new Command("label", "Answers every question at all five scales and keeps the oracle labels.") { Model, Data, Split, Out, Json };
        command.SetWork(RunAsync, LadderRun.WhenInterrupted);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (model, split) = (parsed.GetRequiredValue(Model).FullName, parsed.GetRequiredValue(Split));
        var set = QuestionSet.Read(parsed.GetRequiredValue(Data).FullName);
        var path = Path.Combine(parsed.GetValue(Out)?.FullName ?? Path.Combine(model, "labels"), LabelFile.NameOf(split));
        OutputFolder.RequireWritable(path);
        LabelFile.CheckReplaceable(path);                                         // now, not after minutes of answering
        using var run = LadderRun.Open(model, set, split, LadderRun.Journals);
        var table = await run.RunAsync(cancellation).ConfigureAwait(false);

        LabelFile.Save(table, path);
        run.Finish();
        var right = VisualScale.All.ToDictionary(scale => $"{scale}", scale => table.Items.Average(item => item.Outcomes[scale.Rung].Right ? 1.0 : 0.0));
        if (parsed.GetValue(Json)) Console.WriteLine(JsonSerializer.Serialize(new { path, items = table.Items.Count, accuracy = right }));
        else Console.WriteLine($"{path}: {table.Items.Count} items; right at {string.Join(", ", right.Select(pair => $"{pair.Key}: {pair.Value:P1}"))}");
    }
}
