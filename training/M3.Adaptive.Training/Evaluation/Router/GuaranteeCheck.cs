using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>
/// Looks whether a promise made on calibration labels holds on the judged ones, which nothing was fitted to: for the price that is served, and for prices fitted to
/// redraws of the calibration pictures, as an optimistic draw would show there.
/// </summary>
internal static class GuaranteeCheck
{
    /// <param name="judged">Forecasts on the judged labels.</param>
    /// <param name="loss">Of the default policy on them.</param>
    /// <returns>Null when nothing is guaranteed at the risk.</returns>
    public static GuaranteeReport? Of(TrainedPredictor predictor, FittedPrices fitted, LabelTable calibration, Forecasts judged, Estimate loss, double risk, int seed = 1)
    {
        if (predictor.Prices.ForRisk(risk) is not { } promise) return null;
        var test = new RiskTest(risk, promise.Delta);
        var drawn = new PriceTrials(Forecasts.Of(PicturesAside.Others(calibration), predictor), PriceFitter.Sequence);
        var held = PriceFitter.Held(test, risk, drawn, new PriceTrials(judged, PriceFitter.Sequence), seed);
        var aside = fitted.Risks.First(fit => fit.Risk == promise.Risk).Held;
        return new GuaranteeReport(risk, promise.Delta, held, PriceFitter.Redraws, PriceFitter.MustHold(promise.Delta), loss, aside);
    }
}
