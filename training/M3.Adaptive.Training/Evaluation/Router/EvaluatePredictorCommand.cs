using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Routing;
using M3.Adaptive.Training.PredictorTraining;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary><c>predictor eval</c>: routes a labelled split as the service would, and judges what comes of it.</summary>
internal static class EvaluatePredictorCommand
{
    private const string ReportJson = "report.json", ReportHtml = "report.html";

    private static readonly Option<DirectoryInfo> Model = PredictorArguments.Model();

    private static readonly Option<DirectoryInfo?> Labels = PredictorArguments.Labels();

    private static readonly Option<DirectoryInfo?> Predictor = new("--predictor") { Description = "Folder of the predictor. [default: MODEL/predictor]" };

    private static readonly Option<string> Split = new("--split")
    {
        Description = "Label table to judge on, one that the predictor was not trained on: nothing is fitted to it.",
        DefaultValueFactory = _ => "test",
    };

    private static readonly Option<double> Risk = new Option<double>("--risk")
    {
        Description = "Of the quality policy: share of questions by which wrong answers may outnumber those of always-576, 0 to 1.",
        DefaultValueFactory = _ => new RoutingOptions().Risk,
    }.Where(risk => risk is >= 0 and <= 1, "0 to 1");

    private static readonly Option<string?> Confidence = Gone(new("--confidence") { Hidden = true });

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder of report.html and report.json (default: one of its own under $M3_STATE/eval)." };

    private static readonly Option<bool> Json = PredictorArguments.Json();

    public static Command Create()
    {
        var command = new Command("eval", "Accuracy and charged cost of the router against other ways to choose and the oracles, with intervals and plots.")
        {
            Labels, Model, Predictor, Split, Risk, Confidence, Out, Json,
        };
        command.SetWork((parsed, _) => Run(parsed));
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        if (parsed.GetValue(Out) is { } stated) OutputFolder.Require(stated.FullName, "a report of predictor eval", IsOwn);
        var evidence = Load(parsed);
        var report = RouterEvaluation.Run(evidence, new RoutingOptions { Risk = parsed.GetValue(Risk) });

        var folder = parsed.GetValue(Out)?.FullName ?? Path.Combine(StateFolder.Path, "eval", $"router-{report.Model.Name}-{report.Model.Hash[..12]}-{report.Split}");
        var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        OutputFolder.Write(folder, new Dictionary<string, string> { [ReportJson] = json, [ReportHtml] = RouterPage.Html(report) });
        if (parsed.GetValue(Json)) Console.WriteLine(json);
        else RouterTable.Print(report);
        Console.Error.WriteLine($"Plots and all figures: {Path.Combine(folder, ReportHtml)}");
    }

    private static RouterEvidence Load(ParseResult parsed)
    {
        var model = parsed.GetRequiredValue(Model);
        using var checkpoint = CheckpointFolder.Open(model.FullName);
        var identity = checkpoint.Identify();
        var artifact = PredictorArtifact.Load(PredictorArguments.Inside(parsed.GetValue(Predictor), model, "predictor"));
        var (ownFolder, folder, split) = (
            Path.Combine(Path.TrimEndingDirectorySeparator(model.FullName), "labels"), PredictorArguments.Inside(parsed.GetValue(Labels), model, "labels"), parsed.GetRequiredValue(Split));
        var (own, isForeign) = (new LabelFolder(ownFolder, identity), Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder)) != Path.GetFullPath(ownFolder) || split != "test");
        return new RouterEvidence(
            new TrainedPredictor(artifact, identity.Hash), artifact.Prices(), new LabelFolder(folder, identity).Required(split), isForeign,
            own.Optional("calibration"), own.Optional("routing"),
            StrangeSets.Names.Select(name => (name, Table: own.Optional(name))).Where(set => set.Table is not null).ToDictionary(set => set.name, set => set.Table!),    // the others are gone
            own.Optional(StrangeSets.Twins), VisionCost.EncodeFlops(checkpoint.Config));
    }

    private static Option<string?> Gone(Option<string?> option)
    {
        option.Validators.Add(static result => result.AddError("--confidence is gone: what a finer scale is worth decides; state a --risk."));
        return option;
    }

    private static bool IsOwn(string entry) =>
        Path.GetFileName(entry) is ReportHtml or ReportJson && RouterReport.IsOne(Path.Combine(Path.GetDirectoryName(entry) ?? "/", ReportJson));
}
