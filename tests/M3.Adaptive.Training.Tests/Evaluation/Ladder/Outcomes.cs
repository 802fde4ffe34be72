using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

/// <summary>What came of an item at the five scales, for tests that care about right and wrong.</summary>
internal static class Outcomes
{
    /// <param name="right">A digit per rung, coarsest first: 1 is right.</param>
    /// <param name="answer">What the model said at every scale.</param>
    public static ScaleOutcome[] Of(string right, string answer = "x")
    {
        var evidence = AnswerEvidence.Of([new TokenEvidence(5, "x", -0.1f, 2, 0.3f, FinishReason.EndOfSequence, Cost.Zero)]);
        return [.. right.Select(digit => new ScaleOutcome(digit == '1', answer, Cost.Zero, evidence))];
    }
}
