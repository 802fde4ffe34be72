using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Looks whether a promise made on calibration labels is kept, in three ways that differ in what luck they leave in.</summary>
internal static class GuaranteeCheck
{
    /// <param name="judged">Forecasts on the judged labels.</param>
    /// <param name="loss">Of the default policy on them.</param>
    /// <returns>Null when nothing is guaranteed at the risk.</returns>
    public static GuaranteeReport? Of(TrainedPredictor predictor, FittedPrices fitted, LabelTable calibration, Forecasts judged, Estimate loss, double risk, int seed = 1)
    {
        if (predictor.Prices.ForRisk(risk) is not { } promise) return null;
        var test = new RiskTest(risk, promise.Delta);
        var drawn = Forecasts.Of(PicturesAside.Others(calibration), predictor);
        var source = new PriceTrials(drawn, PriceFitter.Sequence);
        return new GuaranteeReport(
            risk, promise.Delta,
            Resplit(test, risk, new PriceTrials(drawn.Joined(judged), PriceFitter.Sequence), source.Pictures, seed),
            PriceFitter.Redraws, PriceFitter.MustHold(promise.Delta), loss,
            fitted.Risks.First(fit => fit.Risk == promise.Risk).Held,
            PriceFitter.Held(test, risk, source, new PriceTrials(judged, PriceFitter.Sequence), seed));
    }

    // Calibration and judged pictures are dealt anew each time, so that no one draw of them decides: what is left is what the procedure promises.
    private static int Resplit(RiskTest test, double risk, PriceTrials all, int fitted, int seed)
    {
        var random = new Random(seed);
        int[] pictures = [.. Enumerable.Range(0, all.Pictures)];
        return Enumerable.Range(0, PriceFitter.Redraws).Count(_ =>
        {
            random.Shuffle(pictures);
            var (drawn, aside) = (new int[pictures.Length], new int[pictures.Length]);
            for (var i = 0; i < fitted; i++) drawn[pictures[random.Next(fitted)]]++;
            foreach (var picture in pictures[fitted..]) aside[picture] = 1;
            var passing = test.Passing(all.Losses(drawn));
            return passing == 0 || all.Losses(aside).ElementAt(passing - 1).Mean <= risk;
        });
    }
}
