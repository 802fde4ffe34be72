using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Why a scale was chosen or run.</summary>
public enum StepReason
{
    /// <summary>The caller fixed the scale.</summary>
    Fixed = 1,

    /// <summary>Worth most at the price by which the risk is guaranteed.</summary>
    Quality = 2,

    /// <summary>Worth most at the price that the caller or the settings name.</summary>
    Economy = 3,

    /// <summary>Another scale was worth more; this is the best one within caps, bounds, context and deadline.</summary>
    Capped = 4,

    /// <summary>No usable predictor: the safe scale, or the nearest allowed one.</summary>
    SafeScale = 5,

    /// <summary>Chosen at random to learn from it.</summary>
    Exploration = 6,

    /// <summary>Worth more than keeping the answer in hand.</summary>
    Value = 8,

    /// <summary>Worth most at the price that comes to the mean spend asked for.</summary>
    Target = 9,

    /// <summary>Nothing is guaranteed for the risk asked for: the finest scale.</summary>
    NoGuarantee = 10,
}

/// <summary>The first scale of a request.</summary>
/// <param name="Propensity">Probability with which the policy chooses this scale for this request; above 0, up to 1.</param>
public sealed record ScaleDecision(VisualScale Scale, StepReason Reason, double Propensity)
{
    /// <summary>What each scale that could be run first was worth; empty where nothing was weighed.</summary>
    public IReadOnlyList<ScaleOption> Weighed { get; init; } = [];
}

/// <summary>No allowed scale fits.</summary>
/// <param name="Scale">The cheapest scale that the caller's policy and bounds allow.</param>
/// <param name="Needed">What it would be charged at most.</param>
/// <param name="TooLong">Whether it is the model's context that even this scale does not fit, not the caps.</param>
public sealed record ScaleRefusal(VisualScale Scale, Cost Needed, bool TooLong);

/// <summary>Two independent uniform numbers in [0, 1): whether to explore, and where.</summary>
public readonly record struct ExplorationDraw(double Coin, double Choice);
