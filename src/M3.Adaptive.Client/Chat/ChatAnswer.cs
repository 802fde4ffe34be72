using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Chat;

/// <summary>Answers as chat responses. Pure.</summary>
internal static class ChatAnswer
{
    public static ChatResponseUpdate Text(string text, string id) => New(id, new TextContent(text));

    /// <summary>What comes behind the text: how it ended, what it cost, and the whole reply as it came.</summary>
    public static ChatResponseUpdate End(GenerateResponse reply, string id)
    {
        var update = New(id, new UsageContent(UsageOf(reply)));
        update.FinishReason = reply.FinishReason == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;
        update.ModelId = reply.Decision.ModelVersion;
        update.RawRepresentation = reply;
        update.AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [M3ChatClient.DecisionId] = reply.Decision.DecisionId,
            [M3ChatClient.Unfamiliar] = reply.Unfamiliar,
        };
        if (reply.Path[^1] is { HasConfidence: true } last) update.AdditionalProperties[M3ChatClient.Confidence] = last.Confidence;
        return update;
    }

    private static UsageDetails UsageOf(GenerateResponse reply)
    {
        var input = reply.TextTokens + reply.Charged.VisualTokens;
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = reply.NewTokens,
            TotalTokenCount = input + reply.NewTokens,
            AdditionalCounts = new AdditionalPropertiesDictionary<long>
            {
                [M3ChatClient.ImageTokens] = reply.Charged.VisualTokens,
                [M3ChatClient.AlwaysFinestImageTokens] = reply.AlwaysFinest.VisualTokens,
            },
        };
    }

    private static ChatResponseUpdate New(string id, AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id };
}
