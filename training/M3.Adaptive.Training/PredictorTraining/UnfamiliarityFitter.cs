using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Unfamiliarity;
using M3.Adaptive.Training.OracleLabelling;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>
/// Fits what corrects probabilities for the unfamiliar. Nothing unfamiliar is at hand, so strangers are made of the labels themselves
/// (<see cref="Strangers"/>); everything is judged by measures that were fitted without the item's image.
/// </summary>
internal static class UnfamiliarityFitter
{
    private const float StrangersWeight = 0.02f;      // of all items': twice as much costs 1.4 points of the answers reported as 90 % sure
    private const float StrangersRight = 0.15f;       // what is strange is not always wrong
    private const double FlaggedAtHome = 0.01;

    /// <param name="logits">Of the confidence in each routing answer [item][rung], by heads that have not seen the item.</param>
    public static UnfamiliarityModel Fit(
        LabelTable routing, double[][] logits, LabelTable calibration, WordPieces spelling, PredictorTrainingOptions options)
    {
        var folds = Folds.Of(routing, options.Folds);
        var measured = new Strangeness[routing.Items.Count][];                // [item][rung], raw
        var strangers = new Strangers(routing, options.Seed);
        List<(Strangeness Raw, double Logit)> strange = [];
        foreach (var fold in folds)
        {
            var measures = Measures.Fit(routing, fold.Inside, spelling);
            foreach (var i in fold.Outside)
            {
                var item = routing.Items[i];
                measured[i] = [.. item.Outcomes.Select(outcome => measures.Of(routing.ImageFeatures[item.Image], item.Question, outcome.Answer))];
            }

            strange.AddRange(strangers.Make(fold.Outside).Select(made => (measures.Of(made.Picture, made.Question, made.Answer), logits[made.Item][made.Rung])));
        }

        var usual = new UsualRanges(
            UsualRange.Fit(routing.Items.Index().DistinctBy(item => item.Item.Image).Select(item => measured[item.Index][0].Picture)),
            UsualRange.Fit(measured.Select(item => item[0].Wording)),
            UsualRange.Fit(measured.Select(item => item[0].Spelling)),
            UsualRange.Fit(measured.Zip(routing.Items).SelectMany(pair => pair.First.Where((_, rung) => pair.Second.Outcomes[rung].Right)).Select(raw => raw.Answer)));
        var known = routing.Items.SelectMany((item, i) => VisualScale.All.Select(scale =>
            Row.Of(logits[i][scale.Rung], usual, measured[i][scale.Rung], item.Outcomes[scale.Rung].Right, 1)));
        var each = StrangersWeight * routing.Items.Count * VisualScale.Ladder.Length / strange.Count;
        var made = strange.SelectMany(stranger => new[]
        {
            Row.Of(stranger.Logit, usual, stranger.Raw, true, StrangersRight * each),
            Row.Of(stranger.Logit, usual, stranger.Raw, false, (1 - StrangersRight) * each),
        });

        var all = Measures.Fit(routing, [.. Enumerable.Range(0, routing.Items.Count)], spelling);
        var model = new UnfamiliarityModel(all.Picture, all.Wording, all.Spelling, all.Answer, usual, FitWeights([.. known, .. made], options.Seed), 0);
        return model with { Threshold = ThresholdOn(calibration, model) };
    }

    private static CorrectionWeights FitWeights(Row[] rows, int seed)
    {
        var context = new MLContext(seed);
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = nameof(Row.Right),
            FeatureColumnName = nameof(Row.Features),
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0,
            L2Regularization = 0.01f,
            NumberOfThreads = 1,
        });
        var fitted = trainer.Fit(context.Data.LoadFromEnumerable(rows)).Model.SubModel;
        float[] weights = [.. fitted.Weights];
        float Against(int i) => Math.Max(0, -weights[i]);                     // nothing strange may make an answer more credible
        return new CorrectionWeights(weights[0], fitted.Bias, Against(1), Against(2), Against(3), Against(4));
    }

    private static float ThresholdOn(LabelTable calibration, UnfamiliarityModel model)
    {
        float[] sums =
        [
            .. calibration.Items.SelectMany(item =>
            {
                var before = model.Before(calibration.ImageFeatures[item.Image], item.Question);
                return item.Outcomes.Select(outcome => model.Sum(before with { Answer = model.AnswerStrangeness(item.Question, outcome.Answer) }));
            }).Order(),
        ];
        return sums[(int)(sums.Length * (1 - FlaggedAtHome))];
    }

    private sealed record Measures(PictureDistance Picture, WordSurprise Wording, WordPieces Spelling, AnswerFit Answer)
    {
        public static Measures Fit(LabelTable table, int[] items, WordPieces spelling)
        {
            LabelItem[] seen = [.. items.Select(i => table.Items[i])];
            var answered = seen.Select(item => (item.Question, item.Outcomes.LastOrDefault(outcome => outcome.Right)?.Answer)).Where(pair => pair.Answer is not null);
            return new Measures(
                PictureDistance.Fit([.. seen.Select(item => item.Image).Distinct().Select(image => table.ImageFeatures[image])]),
                WordSurprise.Fit(seen.Select(item => item.Question)),
                spelling,
                AnswerFit.Fit([.. answered.Select(pair => (pair.Question, pair.Answer!))]));    // those without one are gone
        }

        public Strangeness Of(float[] picture, string question, string answer) =>
            new(Picture.Of(picture), Wording.Of(question), Spelling.Of(question), Answer.Of(question, answer));
    }

    private sealed class Row
    {
        [VectorType(5)]
        public required float[] Features { get; init; }

        public required bool Right { get; init; }

        public required float Weight { get; init; }

        public static Row Of(double logit, UsualRanges usual, Strangeness raw, bool right, float weight) => new()
        {
            Features =
            [
                (float)logit, usual.Picture.Of(raw.Picture), usual.Wording.Of(raw.Wording), usual.Spelling.Of(raw.Spelling), usual.Answer.Of(raw.Answer),
            ],
            Right = right,
            Weight = weight,
        };
    }
}
