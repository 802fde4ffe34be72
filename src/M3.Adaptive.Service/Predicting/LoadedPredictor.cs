using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing;

namespace M3.Adaptive.Service.Predicting;

/// <summary>The predictor that serves; a missing or unusable one is no reason not to start, but never goes unnoticed.</summary>
/// <param name="UsableVersion">Null when every question gets the safe scale.</param>
internal sealed record LoadedPredictor(IScalePredictor Scales, string? UsableVersion)
{
    /// <param name="folder">The predictor's folder.</param>
    /// <param name="modelHash">The model that it must have been trained for.</param>
    /// <param name="routing">What applies without it, and what is asked of it, for the log.</param>
    public static LoadedPredictor Open(string folder, string modelHash, RoutingOptions routing, ILogger logger)
    {
        try
        {
            var predictor = TrainedPredictor.Load(folder, modelHash);
            if (routing.Policy == DefaultPolicy.Quality && predictor.Prices.ForRisk(routing.Risk) is null)
                ServiceLog.NoGuarantee(logger, predictor.Version, routing.Risk, predictor.Prices.Risks is [var least, ..] ? $"{least.Risk}" : "none at all");
            return new LoadedPredictor(predictor, predictor.Version);
        }
        catch (PredictorException exception)
        {
            ServiceLog.NoPredictor(logger, routing.SafeScale, exception.Message);
            return new LoadedPredictor(NoPredictor.Instance, UsableVersion: null);
        }
    }
}
