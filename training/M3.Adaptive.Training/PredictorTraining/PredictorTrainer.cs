using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Calibration;
using M3.Adaptive.Predictor.Confidence;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Trees;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>
/// Fits success heads and confidence on the routing labels and calibrates both on the calibration labels. Confidence is
/// fitted to predictions of heads that did not see the item, as it will be in serving.
/// </summary>
public static class PredictorTrainer
{
    private const int LeastItems = 20;

    /// <param name="modelHash">The model that the predictor is for; both tables must be its answers.</param>
    /// <exception cref="PredictorException">The labels are another model's, or too few.</exception>
    public static PredictorArtifact Train(
        LabelTable routing,
        LabelTable calibration,
        string modelHash,
        PredictorTrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        Check(routing, modelHash);
        Check(calibration, modelHash);
        var run = new Run(options, progress, cancellation);

        var (rows, held) = (Rows(routing), Rows(calibration));
        var outOfFold = run.OutOfFold(routing, rows);
        var heads = run.Heads(rows, routing.Items, "heads");
        float[][] raw = [.. heads.Select(head => PredictAll(head.Trees, held))];
        IsotonicCalibrator[] headCalibrators = [.. VisualScale.All.Select(scale => IsotonicRegression.Fit(raw[scale.Rung], Right(calibration.Items, scale)))];

        var confidence = run.Confidence(routing.Items, Success(outOfFold, headCalibrators));
        var judged = new Judged(calibration.Items, Success(raw, headCalibrators), confidence.Trees);
        var calibrators = new Calibrators(headCalibrators, judged.Calibrate(firstTokenOnly: false), judged.Calibrate(firstTokenOnly: true));

        var summary = new TrainingSummary(
            routing.Items.Count,
            calibration.Items.Count,
            options.Seed,
            options.Rounds,
            options.Depth,
            [.. VisualScale.All.Select(scale => Math.Round(Ranking.Auroc(raw[scale.Rung], Right(calibration.Items, scale)), 4))],
            Math.Round(judged.Auroc(firstTokenOnly: false), 4),
            Math.Round(judged.Auroc(firstTokenOnly: true), 4));
        return PredictorArtifact.Of(routing.Header.Model, summary, [.. heads.Select(head => head.Json)], confidence.Json, calibrators);
    }

    private static void Check(LabelTable table, string modelHash)
    {
        var (split, model) = table.Header;
        if (model.Hash != modelHash)
            throw new PredictorException($"The {split} labels are answers of {model.Version}, not of the model with hash {modelHash}: label again.");
        if (table.Items.Count < LeastItems)
            throw new PredictorException($"The {split} labels hold {table.Items.Count} items; at least {LeastItems} are needed.");
    }

    private static float[][] Rows(LabelTable table) => [.. table.Items.Select(table.FeaturesOf)];

    private static bool[] Right(IEnumerable<LabelItem> items, VisualScale scale) => [.. items.Select(item => item.Outcomes[scale.Rung].Right)];

    private static float[] PredictAll(TreeEnsemble trees, float[][] rows) => [.. rows.Select(row => trees.Predict(row))];

    // raw: [rung][item]; result: [item][rung]
    private static float[][] Success(float[][] raw, IsotonicCalibrator[] calibrators) =>
        [.. Enumerable.Range(0, raw[0].Length).Select(item => calibrators.Select((calibrator, rung) => calibrator.Of(raw[rung][item])).ToArray())];

    private sealed class Run(PredictorTrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        public (byte[] Json, TreeEnsemble Trees)[] Heads(float[][] rows, IReadOnlyList<LabelItem> items, string stage) =>
        [
            .. VisualScale.All.Select(scale =>
            {
                progress?.Report(new TrainingProgress(stage, scale.Rung, VisualScale.Ladder.Length));
                return HeadFitter.Fit(rows, Right(items, scale), options.Rounds, options.Depth, options.Seed, cancellation);
            }),
        ];

        /// <summary>Raw predictions [rung][item], each by heads that were fitted without the item's image.</summary>
        public float[][] OutOfFold(LabelTable table, float[][] rows)
        {
            float[][] raw = [.. VisualScale.All.Select(_ => new float[rows.Length])];
            int[] foldOf = [.. table.Items.Select(item => (int)(StableHash.Of(item.Image) % (uint)options.Folds))];
            for (var fold = 0; fold < options.Folds; fold++)
            {
                int[] inside = [.. Enumerable.Range(0, rows.Length).Where(i => foldOf[i] != fold)];
                int[] outside = [.. Enumerable.Range(0, rows.Length).Where(i => foldOf[i] == fold)];
                if (outside is []) continue;
                if (inside is []) throw new PredictorException("All routing labels are of one image: no part can be held out.");
                var heads = Heads([.. inside.Select(i => rows[i])], [.. inside.Select(i => table.Items[i])], $"fold {fold + 1} of {options.Folds}");
                foreach (var (rung, head) in heads.Index())
                    foreach (var i in outside) raw[rung][i] = head.Trees.Predict(rows[i]);
            }

            return raw;
        }

        /// <summary>One model for whole answers and first tokens, told apart by what is missing; every eighth image goes without a prior.</summary>
        public (byte[] Json, TreeEnsemble Trees) Confidence(IReadOnlyList<LabelItem> items, float[][] success)
        {
            progress?.Report(new TrainingProgress("confidence", 0, 1));
            List<float[]> rows = [];
            List<bool> right = [];
            foreach (var (i, item) in items.Index())
            {
                var prior = StableHash.Of(item.Image) % 8 == 0 ? [] : success[i];
                foreach (var scale in VisualScale.All)
                {
                    var outcome = item.Outcomes[scale.Rung];
                    rows.Add(ConfidenceFeatures.Of(outcome.Evidence, scale, prior));
                    rows.Add(ConfidenceFeatures.Of(outcome.Evidence.FirstTokenOnly(), scale, prior));
                    right.AddRange([outcome.Right, outcome.Right]);
                }
            }

            return HeadFitter.Fit([.. rows], [.. right], options.ConfidenceRounds, options.Depth, options.Seed, cancellation);
        }
    }

    /// <summary>The calibration items as the confidence model sees them.</summary>
    private sealed class Judged(IReadOnlyList<LabelItem> items, float[][] success, TreeEnsemble confidence)
    {
        public IsotonicCalibrator[] Calibrate(bool firstTokenOnly) =>
            [.. VisualScale.All.Select(scale => IsotonicRegression.Fit(Scores(scale, firstTokenOnly), Right(items, scale)))];

        public double Auroc(bool firstTokenOnly) => Ranking.Auroc(
            [.. VisualScale.All.SelectMany(scale => Scores(scale, firstTokenOnly))], [.. VisualScale.All.SelectMany(scale => Right(items, scale))]);

        private float[] Scores(VisualScale scale, bool firstTokenOnly) =>
        [
            .. items.Select((item, i) =>
            {
                var evidence = item.Outcomes[scale.Rung].Evidence;
                return confidence.Predict(ConfidenceFeatures.Of(firstTokenOnly ? evidence.FirstTokenOnly() : evidence, scale, success[i]));
            }),
        ];
    }
}
