using M3.Adaptive.Core;
using M3.Adaptive.Routing.Telemetry;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Asks a predictor so that whatever is wrong with it costs no answer: the fault is logged.</summary>
internal static class GuardedPredictor
{
    /// <summary>What it predicts; null when there is no usable predictor, or it fails: the request is then answered at the safe scale.</summary>
    public static ScalePrediction? Guarded(this IScalePredictor predictor, ImageEvidence evidence, string question, ILogger logger)
    {
        try
        {
            if (!predictor.TryPredict(evidence, question, out var prediction)) return null;
            if (IsUsable(prediction)) return prediction;
            RoutingLog.PredictorUnusable(logger, predictor.Version, string.Join(' ', prediction.Success));
        }
        catch (Exception exception)
        {
            RoutingLog.PredictorFailed(logger, predictor.Version, exception);
        }

        return null;
    }

    /// <summary>Judges an answer; null, with the fault logged, when the predictor cannot: the answer in hand is then the last.</summary>
    public static AnswerForecast? GuardedAfterRun(
        this IScalePredictor predictor, ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer, ILogger logger)
    {
        try
        {
            var forecast = predictor.AfterRun(prior, question, scale, answer);
            if (IsUsable(forecast, scale)) return forecast;
            RoutingLog.ForecastUnusable(logger, predictor.Version, scale.Tokens, string.Join(' ', forecast.Success));
        }
        catch (Exception exception)
        {
            RoutingLog.ForecastFailed(logger, predictor.Version, scale.Tokens, exception);
        }

        return null;
    }

    private static bool IsUsable(AnswerForecast forecast, VisualScale scale) =>
        forecast.Success.Length == VisualScale.Ladder.Length && forecast.Reported.Length == VisualScale.Ladder.Length
        && VisualScale.All.Where(rung => rung >= scale).All(rung => forecast.At(rung) is >= 0 and <= 1 && forecast.Reported[rung.Rung] is >= 0 and <= 1);

    private static bool IsUsable(ScalePrediction prediction) =>
        prediction.Success.Length == VisualScale.Ladder.Length && prediction.Reported.Length == VisualScale.Ladder.Length
        && prediction.Success.Concat(prediction.Reported).All(value => value is >= 0 and <= 1);
}
