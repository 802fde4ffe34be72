using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Confidence;

/// <summary>Puts the confidence model's input together: the answer's evidence, the scale that gave it, and the predicted success of that scale and of the ladder's ends.</summary>
public static class ConfidenceFeatures
{
    public const int Count = AnswerEvidence.Count + 4;

    /// <param name="success">The predictor's probabilities; null when it gave none, which the model sees as missing.</param>
    public static float[] Of(AnswerEvidence evidence, VisualScale scale, ReadOnlySpan<float> success)
    {
        var features = new float[Count];
        evidence.Values.CopyTo(features);
        var rest = features.AsSpan(AnswerEvidence.Count);
        rest[0] = scale.Rung;
        rest[1..].Fill(float.NaN);
        if (success.IsEmpty) return features;
        rest[1] = success[scale.Rung];
        rest[2] = success[VisualScale.Finest.Rung];
        rest[3] = success[VisualScale.Coarsest.Rung];
        return features;
    }
}
