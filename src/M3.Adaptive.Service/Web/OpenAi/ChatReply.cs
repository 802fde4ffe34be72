using System.Text.Json;
using System.Text.Json.Serialization;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>A chat completion, or one part of a streamed one: names and nesting are OpenAI's, <c>m3</c> is ours.</summary>
/// <param name="Created">Seconds since 1970, UTC.</param>
internal sealed record ChatReply(string Id, string Object, long Created, string Model, string SystemFingerprint, IReadOnlyList<ChatChoice> Choices)
{
    /// <summary>Null in all parts of a stream but the last one that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatUsage? Usage { get; init; }

    /// <summary>How the answer came about; null in all parts of a stream but the one that ends the answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RouteStory? M3 { get; init; }
}

/// <param name="FinishReason">Null while the answer goes on.</param>
internal sealed record ChatChoice(int Index, string? FinishReason)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatMessage? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatDelta? Delta { get; init; }

    public object? Logprobs { get; }
}

internal sealed record ChatMessage(string Role, string Content)
{
    public string? Refusal { get; }
}

/// <summary>What a part adds to the message.</summary>
internal sealed record ChatDelta(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content = null);

/// <param name="PromptTokens">Tokens of the prompt's text, and the visual tokens charged.</param>
internal sealed record ChatUsage(long PromptTokens, long CompletionTokens, long TotalTokens, PromptDetails PromptTokensDetails, CompletionDetails CompletionTokensDetails)
{
    public static ChatUsage Of(GenerateReply reply)
    {
        var prompt = reply.TextTokens + reply.Charged.VisualTokens;
        return new ChatUsage(prompt, reply.NewTokens, prompt + reply.NewTokens, new PromptDetails(reply.Charged.VisualTokens), new CompletionDetails());
    }
}

/// <param name="ImageTokens">Visual tokens charged, over all scales that ran.</param>
internal sealed record PromptDetails(long ImageTokens, int AudioTokens = 0, int CachedTokens = 0);

internal sealed record CompletionDetails(int ReasoningTokens = 0, int AudioTokens = 0, int AcceptedPredictionTokens = 0, int RejectedPredictionTokens = 0);

/// <summary>How the answer came about and what it cost.</summary>
/// <param name="Confidence">Probability that the answer is right, 0 to 1; null where it could not be judged.</param>
/// <param name="SavedVisualTokens">Against always the finest scale; negative where escalations cost more.</param>
/// <param name="Unfamiliar">Whether picture, question or answer are unlike what the predictor was calibrated on.</param>
/// <param name="GuaranteedRisk">Null where nothing is guaranteed.</param>
/// <param name="Replayed">Whether this is a remembered reply to an earlier call with the same Idempotency-Key.</param>
internal sealed record RouteStory(
    IReadOnlyList<RouteStep> Path,
    float? Confidence,
    long ChargedVisualTokens,
    long SavedVisualTokens,
    string SettledReason,
    bool Unfamiliar,
    double? GuaranteedRisk,
    bool Replayed,
    string DecisionId,
    string Model,
    string? Predictor,
    string ImageSha256)
{
    public static RouteStory Of(GenerateReply reply) => new(
        [.. reply.Path.Select(RouteStep.Of)],
        reply.Path[^1].After?.Reported,
        reply.Charged.VisualTokens,
        reply.AlwaysFinest.VisualTokens - reply.Charged.VisualTokens,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(reply.Settled.ToString()),
        reply.Path[^1].Unfamiliar,
        reply.Decision.GuaranteedRisk,
        reply.Replayed,
        reply.Decision.Id.ToString(),
        reply.Decision.ModelVersion,
        reply.Decision.PredictorVersion,
        reply.Image.Value);
}

/// <summary>One scale that ran.</summary>
/// <param name="PredictedSuccess">Probability of a right answer before it ran, 0 to 1; null without a predictor.</param>
/// <param name="Confidence">The same of the answer it gave.</param>
internal sealed record RouteStep(int Scale, string Reason, float? PredictedSuccess, float? Confidence, long ChargedVisualTokens)
{
    public static RouteStep Of(PathStep step) => new(
        step.Scale.Tokens, JsonNamingPolicy.SnakeCaseLower.ConvertName(step.Reason.ToString()), step.Before?.Reported, step.After?.Reported, step.Charged.VisualTokens);
}

/// <summary>A list of models, as OpenAI's interface has it.</summary>
internal sealed record ModelList(IReadOnlyList<ModelEntry> Data)
{
    public string Object { get; } = "list";
}

/// <param name="Id">What requests call the model.</param>
/// <param name="Created">Since when it is served: seconds since 1970, UTC.</param>
internal sealed record ModelEntry(string Id, long Created, string Version, IReadOnlyList<int> Scales)
{
    public string Object { get; } = "model";

    public string OwnedBy { get; } = "m3-adaptive";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatReply))]
[JsonSerializable(typeof(ModelList))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
