namespace M3.Adaptive.Predictor.Heads;

/// <summary>Trees with their calibration: one probability of a right answer.</summary>
public sealed class SuccessHead(TreeHead trees, PlattScale calibration)
{
    /// <summary>ln of the odds of a right answer.</summary>
    public double Logit(ReadOnlySpan<float> row) => calibration.Logit(trees.Score(row));

    public static float Probability(double logit) => (float)(1 / (1 + Math.Exp(-logit)));
}
