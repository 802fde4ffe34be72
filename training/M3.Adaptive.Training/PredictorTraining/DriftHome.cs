using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Label tables as traffic: what a predictor would serve of them to requests that wish for nothing.</summary>
public static class DriftHome
{
    /// <summary>What later traffic is compared with.</summary>
    /// <param name="calibration">Labels that the heads were not fitted to.</param>
    /// <param name="defaults">How the service routes them.</param>
    public static DriftReference Of(PredictorArtifact artifact, string modelHash, LabelTable calibration, ServedDefaults defaults)
    {
        var predictor = new TrainedPredictor(artifact, modelHash);
        return DriftReference.Of(Served(Forecasts.Of(calibration, predictor), predictor.Prices, defaults));
    }

    /// <summary>Every item as it would have been served, its answer known.</summary>
    public static IReadOnlyList<ServedRequest> Served(Forecasts forecasts, PriceTable prices, ServedDefaults defaults) =>
    [
        .. Routed.All(forecasts.Table, EpisodeRouter.AtDefaults(forecasts, prices, defaults)).Select((run, i) =>
        {
            var last = forecasts.After[i][run.Path.Last.Rung];
            return new ServedRequest(
                forecasts.Before[i].Features, run.Path.First, run.Path.Count > 1, last.Unfamiliar, last.Reported[run.Path.Last.Rung], run.Right);
        }),
    ];
}
