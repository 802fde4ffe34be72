namespace M3.Adaptive.Inference.Engine;

/// <summary>How likely a model finds a given answer.</summary>
/// <param name="LogProbability">Natural logarithm of its probability: the sum over its tokens, end of sequence included. 0 or less.</param>
/// <param name="Tokens">Of the answer, end of sequence included; 1 or more.</param>
public readonly record struct AnswerScore(double LogProbability, int Tokens);
