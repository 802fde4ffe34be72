using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>Reasons in words.</summary>
internal static class Reasons
{
    public static string Of(StepReason reason) => reason switch
    {
        StepReason.Fixed => "fixed by the request",
        StepReason.Quality => "worth most at the price that keeps the risk",
        StepReason.Economy => "worth most at the stated price",
        StepReason.Target => "worth most at the price of the mean spend",
        StepReason.Capped => "the best within caps and bounds",
        StepReason.SafeScale => "the safe scale: no usable predictor",
        StepReason.Exploration => "drawn at random, to learn from it",
        StepReason.Value => "worth more than the answer in hand",
        StepReason.NoGuarantee => "nothing is guaranteed for this risk: the finest",
        _ => reason.ToString(),
    };

    public static string Of(SettledReason reason) => reason switch
    {
        SettledReason.EscalationOff => "escalation is off",
        SettledReason.Finest => "no allowed scale is finer",
        SettledReason.Cap => "a finer scale was worth it, but beyond the cap",
        SettledReason.MaxEscalations => "as many finer scales were tried as may be",
        SettledReason.NoExpectedGain => "no finer scale is worth its cost",
        SettledReason.NoConfidence => "the answer could not be judged",
        SettledReason.Deadline => "a finer scale was worth it, but the deadline is near",
        SettledReason.NoRoom => "a finer scale was worth it, but had no room",
        _ => reason.ToString(),
    };
}
