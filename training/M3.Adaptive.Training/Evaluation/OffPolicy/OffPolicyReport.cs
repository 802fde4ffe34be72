using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.OffPolicy;

/// <summary>The mean reward that a policy would have had, in three estimates with 95 % intervals.</summary>
/// <param name="InversePropensity">Rewards weighted by how much likelier the judged policy's choice is (Horvitz and Thompson 1952): without bias, widely scattered.</param>
/// <param name="SelfNormalised">The same over the sum of the weights (Swaminathan and Joachims 2015): hardly biased, and never outside the rewards' range.</param>
/// <param name="DoublyRobust">A model's expectation, corrected by weighted residuals (Dudik et al. 2011): narrower the better the model, right also if it is wrong.</param>
/// <param name="EffectiveSampleSize">How many choices of the judged policy's own the weighted ones are worth (Kish 1965).</param>
public sealed record OffPolicyValue(Estimate InversePropensity, Estimate SelfNormalised, Estimate DoublyRobust, double EffectiveSampleSize);

/// <summary>What logged choices say of another policy.</summary>
/// <param name="Value">Null where they say nothing.</param>
/// <param name="Choices">How many were logged.</param>
/// <param name="WhyNone">Why there is no verdict; null where there is one.</param>
public sealed record OffPolicyReport(OffPolicyValue? Value, int Choices, string? WhyNone);
