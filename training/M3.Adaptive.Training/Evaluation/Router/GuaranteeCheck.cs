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
    /// <param name="isForeign">Whether the judged labels may be unlike the calibration labels: then they are not dealt among them, as nothing may be fitted to them.</param>
    /// <param name="risk">What is promised; where nothing is guaranteed, the finest scale is used and every promise kept.</param>
    public static GuaranteeReport Of(TrainedPredictor predictor, FittedPrices fitted, LabelTable calibration, Forecasts judged, bool isForeign, Estimate loss, double risk, int seed = 1)
    {
        var test = new RiskTest(risk, fitted.Delta);
        var drawn = Forecasts.Of(PicturesAside.Others(calibration), predictor);
        var source = new PriceTrials(drawn, PriceFitter.Sequence);
        var promise = predictor.Prices.ForRisk(risk);
        var heldJudged = PriceFitter.Held(test, risk, source, new PriceTrials(judged, PriceFitter.Sequence), seed);
        return new GuaranteeReport(
            risk, fitted.Delta, promise is not null,
            isForeign ? heldJudged : Resplit(test, risk, new PriceTrials(drawn.Joined(judged), PriceFitter.Sequence), source.Pictures, seed),
            PriceFitter.Redraws, PriceFitter.MustHold(fitted.Delta), loss,
            fitted.Risks.FirstOrDefault(fit => fit.Risk == promise?.Risk)?.Held ?? PriceFitter.Redraws,
            heldJudged);
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
