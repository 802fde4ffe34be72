using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;

namespace M3.Adaptive.Service.Predicting;

/// <summary>A predictor as it is served.</summary>
/// <param name="Number">Its number in the registry; null where it comes from a folder.</param>
internal sealed record ServedVersion(int? Number, IScalePredictor Scales)
{
    /// <summary>Null when every question gets the safe scale.</summary>
    public string? UsableVersion => Scales is NoPredictor ? null : Scales.Version;
}

/// <summary>What serves at one moment.</summary>
/// <param name="Trial">What the challenger may do; set with it.</param>
/// <param name="Fault">Why what the registry names is not what serves; null when it is.</param>
internal sealed record ServedPredictors(ServedVersion Champion, ServedVersion? Challenger, Challenger? Trial, string? Fault)
{
    /// <param name="requestId">Any other text each time where the caller gives none.</param>
    public PredictorTurn TurnOf(string tenant, string requestId)
    {
        if (Challenger is not { } challenger || Trial is not { } trial) return new PredictorTurn(Champion.Scales);
        var isChallengers = trial.Stage != ChallengerStage.Shadow && TrafficSplit.PlaceOf(tenant, requestId, $"{trial.Version}@{trial.Since:O}") < trial.Share;
        return isChallengers
            ? new PredictorTurn(challenger.Scales, PredictorAlias.Challenger, trial.Share)
            : new PredictorTurn(Champion.Scales, PredictorAlias.Champion, 1 - trial.Share, challenger.Scales);
    }
}
