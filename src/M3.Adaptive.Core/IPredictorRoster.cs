namespace M3.Adaptive.Core;

/// <summary>Which part a predictor plays.</summary>
public enum PredictorAlias
{
    /// <summary>The one that serves.</summary>
    Champion = 0,

    /// <summary>The one that is tried, and may follow the champion.</summary>
    Challenger = 1,
}

/// <summary>What decides for one request, and stays with it whatever changes meanwhile.</summary>
/// <param name="Predictor">Decides; one that predicts nothing where there is no usable predictor.</param>
/// <param name="Propensity">Probability with which a request is given to this alias; above 0, up to 1.</param>
/// <param name="Shadow">Decides, too, and is written down, but what it decides is not done; null without one.</param>
public sealed record PredictorTurn(IScalePredictor Predictor, PredictorAlias Alias = PredictorAlias.Champion, double Propensity = 1, IScalePredictor? Shadow = null)
{
    /// <summary>Whether what the predictor guarantees may be promised: not while requests are unlike those that it was fitted to.</summary>
    public bool IsGuaranteed { get; init; } = true;
}

/// <summary>The predictors that serve. Safe for concurrent use.</summary>
public interface IPredictorRoster
{
    /// <summary>The one that serves now.</summary>
    IScalePredictor Champion { get; }

    /// <summary>Whether what predictors guarantee may be promised now: <see cref="PredictorTurn.IsGuaranteed"/> of a turn that begins now.</summary>
    bool IsGuaranteed { get; }

    /// <summary>What decides for a request. The same tenant and request id have the same turn as long as the same predictors serve.</summary>
    /// <param name="requestId">Null where the caller gives none: each such request is taken for a new one.</param>
    PredictorTurn TurnOf(string tenant, string? requestId);
}
