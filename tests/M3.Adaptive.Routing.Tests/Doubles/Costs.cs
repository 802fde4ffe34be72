using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Tests.Doubles;

/// <summary>Round numbers to decide about.</summary>
internal static class Costs
{
    /// <summary>What the fake generator charges: its visual tokens, 1000 FLOPs for each visual and new token, 1 ms each.</summary>
    public static Cost Of(VisualScale scale, int newTokens) =>
        new(scale.Tokens, 1000.0 * (scale.Tokens + newTokens), 0.001 * (scale.Tokens + newTokens));

    public static Cost[] Ladder(int newTokens = 64) => [.. VisualScale.All.Select(scale => Of(scale, newTokens))];

    public static ScalePrediction Prediction(params float[] success) => new(success, [1, 2, 3]);

    public static RoutingRules Rules(Policy? policy = null) => new()
    {
        Policy = policy ?? new Policy.Quality(0.05),
        Escalation = new EscalationRules(2, 0.5, 0.02),
        SafeScale = VisualScale.Of(144),
    };
}
