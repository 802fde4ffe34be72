namespace M3.Adaptive.Training.Evaluation.OffPolicy;

/// <summary>One logged choice of a scale, as another policy sees it.</summary>
/// <param name="Picture">Choices about one picture are drawn together.</param>
/// <param name="Propensity">Probability with which the logging policy chose this scale; above 0, up to 1.</param>
/// <param name="Target">Probability with which the judged policy chooses it, 0 to 1.</param>
/// <param name="Reward">What came of it; 1 for a right answer.</param>
/// <param name="Modelled">What a model expects of the scale that was chosen; only doubly robust figures use it.</param>
/// <param name="ModelledTarget">What the model expects of the judged policy: the mean over its choices.</param>
public readonly record struct LoggedChoice(string Picture, double Propensity, double Target, double Reward, double Modelled, double ModelledTarget)
{
    /// <summary>How many choices of the judged policy this one stands for.</summary>
    public double Weight => Target / Propensity;
}
