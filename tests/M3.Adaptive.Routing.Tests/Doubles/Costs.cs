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

    /// <summary>At a price for each visual token.</summary>
    public static Policy Economy(double price) => new Policy.Economy(new Price(price));

    /// <summary>What is known after a run: NaN below the scale that ran, as the contract has it.</summary>
    public static AnswerForecast Forecast(VisualScale after, params float[] success)
    {
        float[] known = [.. success.Select((value, rung) => rung < after.Rung ? float.NaN : value)];
        return new AnswerForecast(known, known, Unfamiliarity: 0, Unfamiliar: false, Features: []);
    }

    public static RoutingRules Rules(Policy? policy = null) => new()
    {
        Policy = policy ?? Economy(0.001),
        Escalation = new EscalationRules(4),
        SafeScale = VisualScale.Of(144),
    };
}
