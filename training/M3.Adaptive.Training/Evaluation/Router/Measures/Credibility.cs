using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>How far probabilities of being right can be believed, and how well they tell right from wrong.</summary>
/// <param name="Ece">Expected calibration error over 15 bins of equal mass.</param>
/// <param name="Brier">Mean squared error.</param>
/// <param name="Auroc">Probability that a right answer has the larger probability.</param>
/// <param name="Aurc">Share of wrong answers among the most confident, averaged over how many these are.</param>
public sealed record Credibility(Estimate Ece, Estimate Brier, Estimate Auroc, Estimate Aurc)
{
    public static Credibility Of(PictureResampling worlds, float[] probabilities, bool[] right)
    {
        var ranked = new Ranked(probabilities, right);
        return new Credibility(
            worlds.CentredEstimate(world => ranked.CalibrationError(weight: item => worlds.Weight(world, item))),
            worlds.Estimate(world => ranked.Brier(item => worlds.Weight(world, item))),
            worlds.Estimate(world => ranked.Auroc(item => worlds.Weight(world, item))),
            worlds.Estimate(world => ranked.Aurc(item => worlds.Weight(world, item))));
    }
}
