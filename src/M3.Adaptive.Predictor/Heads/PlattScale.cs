namespace M3.Adaptive.Predictor.Heads;

/// <summary>Makes a head's score a probability: 1 / (1 + exp(slope x score + offset)), in the convention of Microsoft.ML's calibrator.</summary>
/// <param name="Slope">Below 0, as a larger score is likelier.</param>
public sealed record PlattScale(double Slope, double Offset)
{
    public double Logit(double score) => -(Slope * score + Offset);
}
