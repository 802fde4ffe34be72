using System.Diagnostics.CodeAnalysis;

namespace M3.Adaptive.Core;

/// <summary>One probability of a right answer, 0 to 1, twice.</summary>
/// <param name="Routed">What routing decides on.</param>
/// <param name="Reported">The same, corrected for the unfamiliar: what replies say.</param>
public readonly record struct Likelihood(float Routed, float Reported);

/// <summary>Probability of a right answer at each rung of the ladder, before the language model runs.</summary>
/// <param name="Success">One per rung, coarsest first, 0 to 1. Routing decides on these.</param>
/// <param name="Features">What the predictor looked at, logged with the decision so that it can be retrained.</param>
public sealed record ScalePrediction(float[] Success, float[] Features)
{
    /// <summary>The same, corrected for what is unfamiliar about picture and question: what replies say.</summary>
    public float[] Reported { get; init; } = Success;

    /// <summary>Version of the code that computed the features; 0 where nothing says so.</summary>
    public int FeatureVersion { get; init; }

    public float At(VisualScale scale) => Success[scale.Rung];

    public Likelihood Likelihood(VisualScale scale) => new(Success[scale.Rung], Reported[scale.Rung]);
}

/// <summary>What is known once a scale has answered.</summary>
/// <param name="Success">
/// One per rung, coarsest first: NaN below the scale that ran, at that scale the confidence in its answer, above it the probability
/// that a run there would be right. Routing decides on these.
/// </param>
/// <param name="Reported">The same, corrected for what is unfamiliar about picture, question and answer: what replies say.</param>
/// <param name="Unfamiliarity">How unlike the labels picture, question and answer are; 0 is as usual, larger is stranger.</param>
/// <param name="Unfamiliar">Whether that exceeds what one in a hundred calibration items reaches.</param>
/// <param name="Features">What the forecast was made from.</param>
public sealed record AnswerForecast(float[] Success, float[] Reported, float Unfamiliarity, bool Unfamiliar, float[] Features)
{
    /// <summary>Version of the code that computed the features; 0 where nothing says so.</summary>
    public int FeatureVersion { get; init; }

    public float At(VisualScale scale) => Success[scale.Rung];

    public Likelihood Likelihood(VisualScale scale) => new(Success[scale.Rung], Reported[scale.Rung]);
}

/// <summary>The light model that says what each scale would be worth and what each answer is worth. Deterministic; safe for concurrent use.</summary>
public interface IScalePredictor
{
    /// <summary>Version that decisions are logged with; changes when any byte of the artefact does.</summary>
    string Version { get; }

    /// <summary>At what prices this predictor keeps promises; <see cref="PriceTable.Empty"/> when there is none.</summary>
    PriceTable Prices { get; }

    /// <summary>False when there is no usable predictor: the caller then takes the safe scale and says so.</summary>
    bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction);

    /// <summary>Judges an answer, and what finer scales would make of the question now.</summary>
    /// <param name="prior">What <see cref="TryPredict"/> gave for the same picture and question.</param>
    /// <param name="answer">
    /// The tokens generated at <paramref name="scale"/>, first to last; at least one. When the last has no finish reason, the answer is
    /// still growing and is judged by its first token.
    /// </param>
    AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer);
}
