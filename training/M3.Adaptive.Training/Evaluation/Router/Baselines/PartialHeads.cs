using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>Success at each scale before any run by heads like the predictor's, fitted here to the routing labels, that see a part of the features only.</summary>
internal static class PartialHeads
{
    /// <summary>By item of the table, then rung: from the question alone.</summary>
    public static float[][] QuestionOnly(LabelTable known, LabelTable table) => Success(known, table, features => features[PredictorFeatures.ImageCount..]);

    /// <summary>By item of the table, then rung: from the picture alone.</summary>
    public static float[][] PictureOnly(LabelTable known, LabelTable table) => Success(known, table, features => features[..PredictorFeatures.ImageCount]);

    private static float[][] Success(LabelTable known, LabelTable table, Func<float[], float[]> part)
    {
        float[][] fitted = Rows(known), judged = Rows(table);
        var heads = new SuccessHead[VisualScale.Ladder.Length];
        Parallel.ForEach(VisualScale.All, scale =>
        {
            bool[] right = [.. known.Items.Select(item => item.Outcomes[scale.Rung].Right)];
            var trees = HeadFitter.Fit(fitted, right, new PredictorTrainingOptions()).Trees;
            heads[scale.Rung] = new SuccessHead(trees, HeadFitter.Calibrate([.. fitted.Select(row => trees.Score(row))], right));
        });
        return [.. judged.Select(row => heads.Select(head => SuccessHead.Probability(head.Logit(row))).ToArray())];

        float[][] Rows(LabelTable of) => [.. of.Items.Select(item => part(of.FeaturesOf(item)))];
    }
}
