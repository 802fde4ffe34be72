using M3.Adaptive.Client.Chat;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Tests.Samples;

/// <summary>Asks M3.Adaptive first, and a larger model where its answer is unlikely to be right.</summary>
internal sealed class LargerModelBehind(IChatClient first, IChatClient larger, double enough) : DelegatingChatClient(first)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var question = messages.ToList();
        var response = await base.GetResponseAsync(question, options, cancellationToken);
        var told = response.AdditionalProperties ?? [];
        var isSure = told.TryGetValue(M3ChatClient.Confidence, out double confidence) && confidence >= enough && told[M3ChatClient.Unfamiliar] is false;
        return isSure ? response : await larger.GetResponseAsync(question, options, cancellationToken);
    }
}
