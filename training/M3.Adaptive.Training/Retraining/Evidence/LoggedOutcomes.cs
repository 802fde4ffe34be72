using M3.Adaptive.Core;

namespace M3.Adaptive.Training.Retraining.Evidence;

/// <summary>Partial information: a request that went on to a finer scale, whose last answer is known to be right or wrong. Of the answers before nothing is known.</summary>
/// <param name="Forecast">Probability, before the last run, that it would be right; null without a predictor.</param>
public sealed record EscalationPair(string Image, VisualScale From, VisualScale To, float? Forecast, bool Right);

/// <summary>Least information: what became of a request, by the scale that was chosen first and the probability with which it was.</summary>
/// <param name="Features">The predictor's input, as it was logged.</param>
/// <param name="Right">Whether the answer that was served in the end is right.</param>
public sealed record ScaleChoice(string Image, float[] Features, VisualScale First, double Propensity, bool Right);
