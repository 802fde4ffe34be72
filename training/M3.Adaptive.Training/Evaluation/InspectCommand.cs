using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Checkpoint;

namespace M3.Adaptive.Training.Evaluation;

/// <summary><c>inspect</c>: checks a checkpoint folder whole and says what it holds.</summary>
internal static class InspectCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new("folder") { Description = "A checkpoint folder in the published format." };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on standard output." };

    public static Command Create()
    {
        var command = new Command("inspect", "Checks a checkpoint folder and says what it holds.") { Folder, Json };
        command.SetWork((parsed, _) =>
        {
            var summary = CheckpointSummary.Of(parsed.GetRequiredValue(Folder).FullName);
            if (parsed.GetValue(Json)) Console.WriteLine(JsonSerializer.Serialize(summary, JsonSerializerOptions.Web));
            else Print(summary);
        });
        return command;
    }

    private static void Print(CheckpointSummary summary)
    {
        Console.WriteLine($"{summary.Name}  {summary.Hash}");
        Console.WriteLine($"parameters   {summary.Parameters:N0}: vision {summary.VisionParameters:N0}, projector {summary.ProjectorParameters:N0}, language {summary.LanguageParameters:N0}");
        Console.WriteLine($"stored as    {string.Join(", ", summary.StoredTypes.Select(pair => $"{pair.Key} ({pair.Value} tensors)"))}, {summary.UnusedTensors} not used");
        Console.WriteLine($"picture      {summary.InputSize} x {summary.InputSize}, patches of {summary.Config.Vision.PatchSize}, scales {string.Join(", ", summary.Config.Scales)}");
        Console.WriteLine($"tokenizer    {summary.Pieces} pieces");
        foreach (var (file, bytes) in summary.Files) Console.WriteLine($"{file}  {bytes:N0} bytes");
    }
}
