using System.CommandLine;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>The "predictor" command: trains and judges the predictor that chooses scales.</summary>
public static class PredictorCommand
{
    public static Command Create() => new("predictor", "Train and judge the predictor that chooses the number of visual tokens.")
    {
        TrainPredictorCommand.Create(),
        EvaluatePredictorCommand.Create(),
    };

    internal static Option<DirectoryInfo> Model() => ShippedModel.Option("Folder of the model that the predictor is for.");

    internal static Option<DirectoryInfo?> Labels() => new("--labels") { Description = "Folder of label tables, SPLIT.jsonl.gz each. [default: MODEL/labels]" };

    internal static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object on standard output." };

    internal static string Inside(DirectoryInfo? given, DirectoryInfo model, string name) => given?.FullName ?? Path.Combine(model.FullName, name);
}
