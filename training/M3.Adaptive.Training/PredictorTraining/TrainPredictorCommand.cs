using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using Spectre.Console;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>"predictor train": fits a predictor to the routing and calibration labels of one model and writes its folder.</summary>
internal static class TrainPredictorCommand
{
    public static Command Create()
    {
        var (labels, model, json) = (PredictorCommand.Labels(), PredictorCommand.Model(), PredictorCommand.Json());
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to write: a new one, or one that holds a predictor alone, which is replaced. [default: MODEL/predictor]" };
        var seed = new Option<int>("--seed") { Description = "Seed of the sampling; the same labels and seed give the same files.", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { Description = "Trees of each success head, 1 to 2000.", DefaultValueFactory = _ => new PredictorTrainingOptions().Rounds };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 2000) result.AddError($"--rounds is {result.GetValueOrDefault<int>()}; expected 1 to 2000.");
        });
        var train = new Command("train", "Fit success heads and confidence to oracle labels.") { labels, model, output, seed, rounds, json };
        train.SetWork((parsed, cancellation) =>
        {
            var modelFolder = parsed.GetRequiredValue(model);
            var from = PredictorCommand.Inside(parsed.GetValue(labels), modelFolder, "labels");
            var to = PredictorCommand.Inside(parsed.GetValue(output), modelFolder, "predictor");
            var options = new PredictorTrainingOptions { Seed = parsed.GetValue(seed), Rounds = parsed.GetValue(rounds) };

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
        var routing = LabelFile.Load(Path.Combine(labels, LabelFile.NameOf("routing")));
        var calibration = LabelFile.Load(Path.Combine(labels, LabelFile.NameOf("calibration")));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Status().Start("training", status =>
        {
            var progress = new StatusProgress(status);
            return PredictorTrainer.Train(routing, calibration, hash, options, progress, cancellation);
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
                    Auroc = VisualScale.All.ToDictionary(scale => scale.ToString(), scale => training.Auroc[scale.Rung]),
                    training.ConfidenceAuroc,
                    training.FirstTokenAuroc,
                },
                JsonSerializerOptions.Web));
            return;
        }

        var heads = string.Join(", ", VisualScale.All.Select(scale => $"{scale}: {training.Auroc[scale.Rung].ToString("F3", CultureInfo.InvariantCulture)}"));
        Console.Error.WriteLine($"Wrote {folder}: predictor {artifact.Version} for {artifact.Manifest.Model.Version}, from {training.RoutingItems} + {training.CalibrationItems} items.");
        Console.Error.WriteLine($"AUROC on the calibration items: {heads}; confidence {training.ConfidenceAuroc:F3}, from first tokens {training.FirstTokenAuroc:F3}.");
    }

    private sealed class StatusProgress(StatusContext status) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => status.Status($"{value.Stage}: {value.Done + 1} of {value.Total}");
    }
}
