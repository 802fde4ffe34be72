using System.Diagnostics.CodeAnalysis;

namespace M3.Adaptive.Core;

/// <summary>Calibrated probability of a right answer at each rung of the ladder, before the language model runs.</summary>
/// <param name="Success">One per rung, coarsest first, 0 to 1.</param>
/// <param name="Features">What the predictor looked at, logged with the decision so that it can be retrained.</param>
public sealed record ScalePrediction(float[] Success, float[] Features)
{
    public float At(VisualScale scale) => Success[scale.Rung];
}

/// <summary>The light model that says what each scale would be worth. Deterministic; safe for concurrent use.</summary>
public interface IScalePredictor
{
    /// <summary>Version that decisions are logged with; changes when any byte of the artefact does.</summary>
    string Version { get; }

    /// <summary>False when there is no usable predictor: the caller then takes the safe scale and says so.</summary>
    bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction);
}

/// <summary>Turns an answer's token evidence into the probability that the answer is right. Safe for concurrent use.</summary>
public interface IConfidence
{
    /// <summary>Calibrated probability, 0 to 1; NaN when no confidence model is loaded.</summary>
    /// <param name="answer">The tokens generated at <paramref name="scale"/>, first to last; at least one.</param>
    /// <param name="prior">The predictor's probabilities, null when it gave none.</param>
    float Of(IReadOnlyList<TokenEvidence> answer, VisualScale scale, ScalePrediction? prior);
}
