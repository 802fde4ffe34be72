using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor;

/// <summary>Takes the predictor's place when there is no usable one: requests are answered at the safe scale and never escalate.</summary>
public sealed class NoPredictor : IScalePredictor
{
    public static NoPredictor Instance { get; } = new();

    public string Version => "none";

    public PriceTable Prices => PriceTable.Empty;

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = null;
        return false;
    }

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer) =>
        throw new InvalidOperationException("There is no predictor, so no prediction came from it.");
}
