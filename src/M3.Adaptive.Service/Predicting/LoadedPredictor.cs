using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing;

namespace M3.Adaptive.Service.Predicting;

/// <summary>Loads a predictor from a folder to serve it; a missing or unusable one is no reason not to start, but never goes unnoticed.</summary>
internal static class LoadedPredictor
{
    /// <param name="folder">The predictor's folder.</param>
    /// <param name="modelHash">The model that it must have been trained for.</param>
    /// <param name="routing">What applies without it, and what is asked of it, for the log.</param>
    public static ServedVersion Open(string folder, string modelHash, RoutingOptions routing, ILogger logger)
    {
        try
        {
            var predictor = TrainedPredictor.Load(folder, modelHash);
            WarnOfMissingGuarantee(predictor, routing, logger);
            return new ServedVersion(null, predictor);
        }
        catch (PredictorException exception)
        {
            ServiceLog.NoPredictor(logger, routing.SafeScale, exception.Message);
            return new ServedVersion(null, NoPredictor.Instance);
        }
    }

    /// <summary>Says where questions without a policy get the finest scale, as nothing is guaranteed for the risk that the settings name.</summary>
    public static void WarnOfMissingGuarantee(IScalePredictor predictor, RoutingOptions routing, ILogger logger)
    {
        if (routing.Policy != DefaultPolicy.Quality || predictor.Prices.ForRisk(routing.Risk) is not null) return;
        ServiceLog.NoGuarantee(logger, predictor.Version, routing.Risk, predictor.Prices.Risks is [var least, ..] ? $"{least.Risk}" : "none at all");
    }
}
