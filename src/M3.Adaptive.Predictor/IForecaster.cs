using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor;

/// <summary>
/// The predictor over stored numbers instead of pictures and tokens: what replaying a label table needs. Baselines are further
/// implementations. Deterministic; safe for concurrent use.
/// </summary>
public interface IForecaster
{
    /// <summary>As <see cref="IScalePredictor.TryPredict"/>.</summary>
    /// <param name="picture">As <see cref="PredictorFeatures.OfImage"/> gives it.</param>
    ScalePrediction Predict(float[] picture, string question);

    /// <summary>As <see cref="IScalePredictor.AfterRun"/>.</summary>
    /// <param name="evidence">Of the whole answer, or <see cref="AnswerEvidence.FirstTokenOnly"/>.</param>
    /// <param name="answer">The text so far.</param>
    AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, AnswerEvidence evidence, string answer);
}
