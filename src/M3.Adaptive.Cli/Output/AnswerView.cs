using System.Text.Json;

namespace M3.Adaptive.Cli.Output;

/// <summary>One scale that ran, as it is shown.</summary>
/// <param name="ExpectedGain">What a finer scale was expected to add to the confidence; null when the answer was not judged.</param>
/// <param name="Weighed">What could have been done instead, and this scale itself.</param>
internal sealed record StepView(
    int Scale, string Reason, double? PredictedSuccess, double? Confidence, double Flops, double Seconds, double? ExpectedGain,
    IReadOnlyList<AlternativeView> Weighed)
{
    public static StepView Of(Step step) => new(
        step.Scale,
        Words.Of(step.Reason),
        step.HasPredictedSuccess ? step.PredictedSuccess : null,
        step.HasConfidence ? step.Confidence : null,
        step.Charged.Flops,
        step.Charged.Seconds,
        step.HasExpectedGain ? step.ExpectedGain : null,
        [.. step.Weighed.Select(AlternativeView.Of)]);
}

/// <summary>One thing that could be done, and what it was worth.</summary>
/// <param name="Scale">Null is keeping the answer in hand.</param>
internal sealed record AlternativeView(int? Scale, double Success, double Value)
{
    public static AlternativeView Of(Alternative alternative) => new(alternative.HasScale ? alternative.Scale : null, alternative.Success, alternative.Value);
}

internal sealed record SecondsView(double Encode, double Prefill, double Decode);

internal sealed record CostView(long VisualTokens, double Flops, double Seconds);

/// <summary>A reply as it is shown and as <c>ask --json</c> prints it.</summary>
internal sealed record AnswerView(
    string Answer,
    IReadOnlyList<StepView> Path,
    long ChargedVisualTokens,
    double ChargedFlops,
    CostView AlwaysFinest,
    SecondsView Seconds,
    double LogProbability,
    string FinishReason,
    string SettledReason,
    bool Unfamiliar,
    IReadOnlyList<AlternativeView> Declined,
    double? GuaranteedRisk,
    string Model,
    string? Predictor,
    string DecisionId,
    double Propensity,
    string ImageSha256)
{
    public static AnswerView Of(GenerateResponse reply) => new(
        reply.Text,
        [.. reply.Path.Select(StepView.Of)],
        reply.Charged.VisualTokens,
        reply.Charged.Flops,
        new CostView(reply.AlwaysFinest.VisualTokens, reply.AlwaysFinest.Flops, reply.AlwaysFinest.Seconds),
        new SecondsView(reply.Seconds.Encode, reply.Seconds.Prefill, reply.Seconds.Decode),
        reply.LogProbability,
        Words.Of(reply.FinishReason),
        Words.Of(reply.SettledReason),
        reply.Unfamiliar,
        [.. reply.Declined.Select(AlternativeView.Of)],
        reply.Decision.HasGuaranteedRisk ? reply.Decision.GuaranteedRisk : null,
        reply.Decision.ModelVersion,
        reply.Decision.HasPredictorVersion ? reply.Decision.PredictorVersion : null,
        reply.Decision.DecisionId,
        reply.Decision.Propensity,
        reply.ImageSha256);
}

/// <summary>Enum values of the contract as words: <c>safeScale</c>; a number for one that is newer than this program.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
