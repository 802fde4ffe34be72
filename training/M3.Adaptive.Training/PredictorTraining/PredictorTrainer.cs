using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Predictor.Unfamiliarity;
using M3.Adaptive.Training.Statistics;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>
/// Fits the heads and the measure of unfamiliarity on the routing labels; calibrates the heads, sets the threshold of the unfamiliarity
/// and fits prices on the calibration labels, of which a third of the pictures is kept aside to check what is guaranteed.
/// </summary>
public static class PredictorTrainer
{
    /// <param name="modelHash">The model that the predictor is for; both tables must be its answers.</param>
    /// <param name="vocabulary">The pieces of the model's tokenizer.</param>
    /// <exception cref="PredictorException">The labels are another model's, too few, or teach nothing about scales.</exception>
    public static PredictorArtifact Train(
        LabelTable routing,
        LabelTable calibration,
        string modelHash,
        IEnumerable<string> vocabulary,
        PredictorTrainingOptions options,
        TimeProvider clock,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        LadderCheck.Check(routing, modelHash);
        LadderCheck.Check(calibration, modelHash);
        var (seen, held) = (new HeadRows(routing), new HeadRows(PicturesAside.Others(calibration)));
        var work = new Workers(options.Threads, progress, cancellation);

        var heads = work.Select("heads", HeadName.All, name => Fit(seen, name, [.. seen.All], options));
        var fitted = HeadName.All.Zip(heads).ToDictionary();
        var scores = fitted.ToDictionary(head => head.Key, head => held.All.Select(i => head.Value.Trees.Score(held.Of(head.Key, i))).ToArray());
        var calibrations = fitted.Keys.ToDictionary(name => name, name => HeadFitter.Calibrate(scores[name], held.Right(name.At)));

        var outOfFold = OutOfFold(seen, routing, calibrations, options, work);
        var unfamiliarity = UnfamiliarityFitter.Fit(routing, outOfFold, PicturesAside.Others(calibration), WordPieces.Of(vocabulary), options);

        var figures = fitted.Keys.ToDictionary(
            name => $"{name}", name => Math.Round(Ranking.Auroc([.. scores[name].Select(score => (float)score)], [.. held.Right(name.At)]), 4));
        var summary = new TrainingSummary(
            routing.Items.Count, calibration.Items.Count, LabelFile.Hash(routing), LabelFile.Hash(calibration),
            options.Seed, options.Trees, options.Leaves, new SortedDictionary<string, double>(figures, StringComparer.Ordinal));
        var artifact = PredictorArtifact.Of(
            routing.Header.Model, summary, fitted.ToDictionary(head => head.Key, head => head.Value.File), calibrations, unfamiliarity, clock.GetUtcNow());
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(new TrainingProgress("prices", 0, 1));
        var priced = artifact.With(PriceFitter.Fit(artifact, modelHash, calibration, options));
        return priced.With(DriftHome.Of(priced, modelHash, calibration, options.Defaults));
    }

    private static FittedHead Fit(HeadRows seen, HeadName head, int[] items, PredictorTrainingOptions options)
    {
        var (rows, right) = seen.ToFit(head, items);
        return HeadFitter.Fit(rows, right, options);
    }

    /// <summary>Logits of the confidence in each answer [item][rung], by heads that were fitted without the item's image.</summary>
    private static double[][] OutOfFold(
        HeadRows seen, LabelTable table, Dictionary<HeadName, PlattScale> calibrations, PredictorTrainingOptions options, Workers work)
    {
        var folds = Folds.Of(table, options.Folds);
        double[][] logits = [.. table.Items.Select(_ => new double[VisualScale.Ladder.Length])];
        var tasks = folds.SelectMany(fold => VisualScale.All.Select(scale => (Fold: fold, Name: new HeadName(scale, scale)))).ToArray();
        work.Select("folds", tasks, task =>
        {
            var trees = Fit(seen, task.Name, task.Fold.Inside, options).Trees;
            foreach (var i in task.Fold.Outside) logits[i][task.Name.At.Rung] = calibrations[task.Name].Logit(trees.Score(seen.Of(task.Name, i)));
            return true;
        });
        return logits;
    }
}
