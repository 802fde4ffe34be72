using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Tests.Doubles;

/// <summary>Plain values to keep.</summary>
internal static class Some
{
    public static DateTimeOffset Noon { get; } = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A decision that its number tells from others: one second after the one before.</summary>
    public static DecisionRecord Decision(int number) => new()
    {
        DecisionId = Guid.ParseExact($"{number:D32}", "N"),
        At = Noon.AddSeconds(number),
        RequestId = $"r{number}",
        ModelVersion = "m@1",
        PredictorVersion = "p-1",
        FeatureVersion = 3,
        ImageHash = "00",
        Features = [0.25f, float.NaN],
        Success = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f],
        Propensity = 0.04,
        Alias = number % 4 == 3 ? PredictorAlias.Challenger : PredictorAlias.Champion,
        AliasPropensity = number % 4 == 3 ? 0.05 : 0.95,
        Shadow = number % 4 == 3 ? null : new ShadowRecord("p-2", 36, [0.2f, 0.3f, 0.4f, 0.5f, 0.6f]),
        Path = [new StepRecord(9, "Quality", 0.2f, null, new Cost(9, 1e9, 0.01)), new StepRecord(144, "LowConfidence", 0.4f, 0.75f, new Cost(144, 2e9, 0.02)) { Unfamiliar = number % 2 == 0 }],
        Charged = new Cost(153, 3e9, 0.03),
        Outcomes = number % 2 == 0 ? [] : [new SaidOutcome("me", Verdict.Unknown, "blue"), new SaidOutcome("you", Verdict.Right, null)],
    };

    public static int NumberOf(DecisionRecord decision) => int.Parse(decision.DecisionId.ToString("N")[^8..]);
}
