namespace M3.Adaptive.Training.Statistics;

/// <summary>Measures how good probabilities are: discrimination and calibration. Pure functions over probabilities and outcomes of equal length.</summary>
public static class Ranking
{
    /// <summary>As <see cref="Ranked.Auroc"/>, every item once.</summary>
    public static double Auroc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right) => new Ranked(scores, right).Auroc();

    /// <summary>As <see cref="Ranked.Brier"/>, every item once.</summary>
    public static double Brier(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> right) => new Ranked(probabilities, right).Brier();

    /// <summary>As <see cref="Ranked.CalibrationError"/>, every item once.</summary>
    public static double CalibrationError(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> right, int bins = 15) =>
        new Ranked(probabilities, right).CalibrationError(bins);
}
