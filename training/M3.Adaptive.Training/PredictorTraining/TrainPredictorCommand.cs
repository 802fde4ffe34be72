using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Training.OracleLabelling;
using Spectre.Console;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>"predictor train": fits a predictor to the routing and calibration labels of one model and writes its folder.</summary>
internal static class TrainPredictorCommand
{
    public static Command Create()
    {
        var (labels, model, json) = (PredictorArguments.Labels(), PredictorArguments.Model(), PredictorArguments.Json());
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to write: a new one, or one that holds a predictor alone, which is replaced. [default: MODEL/predictor]" };
        var seed = new Option<int>("--seed") { Description = "Seed of the sampling; the same labels and seed give the same files.", DefaultValueFactory = _ => 1 };
        var trees = new Option<int>("--trees") { Description = "Trees of each head, 1 to 2000.", DefaultValueFactory = _ => new PredictorTrainingOptions().Trees }
            .Where(trees => trees is >= 1 and <= 2000, "1 to 2000");
        var delta = new Option<double>("--delta")
        {
            Description = "Probability with which what is guaranteed may be a lucky draw of the calibration labels, above 0 and below 0.5.",
            DefaultValueFactory = _ => new PredictorTrainingOptions().Delta,
        }.Where(delta => delta is > 0 and < 0.5, "a number above 0 and below 0.5");
        var risks = new Option<double[]>("--risk")
        {
            Description = "A share of questions that must be guaranteed, besides the usual ones: refused where the labels do not bear it out. May be repeated.",
        };
        risks.Validators.Add(result =>
        {
            foreach (var risk in result.GetValueOrDefault<double[]>() ?? [])
                if (risk is not (> 0 and < 1)) result.AddError($"--risk is {risk}; expected a number above 0 and below 1.");
        });
        var train = new Command("train", "Fit the heads, the measure of unfamiliarity and the prices of guarantees to oracle labels.")
        {
            labels, model, output, seed, trees, risks, delta, json,
        };
        train.SetWork((parsed, cancellation) =>
        {
            var modelFolder = parsed.GetRequiredValue(model);
            var from = PredictorArguments.Inside(parsed.GetValue(labels), modelFolder, "labels");
            var to = PredictorArguments.Inside(parsed.GetValue(output), modelFolder, "predictor");
            var options = new PredictorTrainingOptions { Seed = parsed.GetValue(seed), Trees = parsed.GetValue(trees), Delta = parsed.GetValue(delta), RequiredRisks = parsed.GetValue(risks) ?? [] };

            OutputFolder.RequireWritable(Path.Combine(to, ".."));                 // it is made beside, then swapped
            PredictorArtifact.CheckReplaceable(to);                               // now, not after minutes of fitting
            var artifact = Train(modelFolder.FullName, from, options, cancellation);
            artifact.Save(to);
            Report(artifact, to, parsed.GetValue(json));
        }, whenInterrupted: "nothing was written");
        return train;
    }

    private static PredictorArtifact Train(string model, string labels, PredictorTrainingOptions options, CancellationToken cancellation)
    {
        using var checkpoint = CheckpointFolder.Open(model);
        var hash = checkpoint.Identify().Hash;
        var tokenizer = checkpoint.OpenTokenizer();
        var vocabulary = Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Piece);
        var routing = LabelFile.Load(Path.Combine(labels, LabelFile.NameOf("routing")));
        var calibration = LabelFile.Load(Path.Combine(labels, LabelFile.NameOf("calibration")));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Status().Start("training", status =>
        {
            var progress = new StatusProgress(status);
            return PredictorTrainer.Train(routing, calibration, hash, vocabulary, options, TimeProvider.System, progress, cancellation);
        });
    }

    private static void Report(PredictorArtifact artifact, string folder, bool json)
    {
        var training = artifact.Manifest.Training;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Predictor = artifact.Version,
                    Model = artifact.Manifest.Model.Version,
                    Folder = folder,
                    training.RoutingItems,
                    training.CalibrationItems,
                    training.Auroc,
                    Prices = artifact.Prices(),
                },
                JsonSerializerOptions.Web));
            return;
        }

        string Aurocs(Func<VisualScale, HeadName> head) =>
            string.Join(", ", VisualScale.All.Select(scale => $"{scale}: {training.Auroc[$"{head(scale)}"].ToString("F3", CultureInfo.InvariantCulture)}"));

        Console.Error.WriteLine($"Wrote {folder}: predictor {artifact.Version} for {artifact.Manifest.Model.Version}, from {training.RoutingItems} + {training.CalibrationItems} items.");
        Console.Error.WriteLine($"AUROC on the calibration items before any run: {Aurocs(scale => new HeadName(null, scale))};");
        Console.Error.WriteLine($"of the confidence: {Aurocs(scale => new HeadName(scale, scale))}.");
        if (artifact.Prices() is { } prices) Report(prices);
    }

    private static void Report(FittedPrices prices)
    {
        Console.Error.WriteLine($"Guaranteed with probability {1 - prices.Delta:0.###}, checked on calibration pictures kept aside:");
        foreach (var fit in prices.Risks)
        {
            var what = fit.IsGuaranteed
                ? $"at price {fit.PricePerVisualToken:G3} a visual token: {fit.MeanVisualTokens:F1} tokens a question, {fit.Loss:P2} more wrong answers ({fit.LossAside:P2} aside)"
                : $"refused: {PriceFitter.WhyNot(fit)}";
            Console.Error.WriteLine($"  at most {fit.Risk:P2} more wrong answers than always {VisualScale.Finest}: {what}");
        }
    }

    private sealed class StatusProgress(StatusContext status) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => status.Status($"{value.Stage}: {value.Done} of {value.Total}");
    }
}
