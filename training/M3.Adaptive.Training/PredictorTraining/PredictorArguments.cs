using System.CommandLine;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>What the commands below <c>predictor</c> have in common.</summary>
internal static class PredictorArguments
{
    public static Option<DirectoryInfo> Model() => ShippedModel.Option("Folder of the model that the predictor is for.");

    public static Option<DirectoryInfo?> Labels() => new("--labels") { Description = "Folder of label tables, SPLIT.jsonl.gz each. [default: MODEL/labels]" };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object on standard output." };

    public static string Inside(DirectoryInfo? given, DirectoryInfo model, string name) => given?.FullName ?? Path.Combine(model.FullName, name);
}
