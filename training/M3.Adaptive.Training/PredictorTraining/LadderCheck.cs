using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Refuses labels from which nothing about scales can be learnt.</summary>
internal static class LadderCheck
{
    private const int LeastItems = 20;
    private const double LeastGradient = 0.02, LeastDisagreement = 0.05;

    /// <param name="modelHash">The model that the predictor is for.</param>
    /// <exception cref="PredictorException">The labels are another model's, too few, or alike at every scale; says why and what to do.</exception>
    public static void Check(LabelTable table, string modelHash)
    {
        var (split, model) = table.Header;
        if (model.Hash != modelHash)
            throw new PredictorException($"The {split} labels are answers of {model.Version}, not of the model with hash {modelHash}: label again.");
        if (table.Items.Count < LeastItems)
            throw new PredictorException($"The {split} labels hold {table.Items.Count} items; at least {LeastItems} are needed.");
        if (table.Items.Select(item => item.Image).Distinct().Count() < 2)
            throw new PredictorException($"All {split} labels are of one image: no part can be held out.");

        double[] accuracy = [.. VisualScale.All.Select(scale => table.Items.Average(item => item.Outcomes[scale.Rung].Right ? 1.0 : 0))];
        var disagreeing = table.Items.Average(item => item.Outcomes.Select(outcome => outcome.Right).Distinct().Count() > 1 ? 1.0 : 0);
        var ladder = string.Join(", ", VisualScale.All.Select(scale => $"{scale}: {accuracy[scale.Rung]:P1}"));
        if (accuracy[1..].Max() - accuracy[0] < LeastGradient)
        {
            throw new PredictorException(
                $"On the {split} labels no finer scale is right at least {LeastGradient:P0} more often than the coarsest ({ladder}): there is nothing to route. "
                + "Always use scale 1, train the model further, or label questions that need detail.");
        }

        if (disagreeing < LeastDisagreement)
        {
            throw new PredictorException(
                $"On the {split} labels the scales agree about all but {disagreeing:P1} of the questions ({ladder}); at least {LeastDisagreement:P0} are needed to learn from. "
                + "Use one fixed scale, or label more varied questions.");
        }
    }
}
