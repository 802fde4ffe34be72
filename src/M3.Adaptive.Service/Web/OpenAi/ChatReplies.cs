using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>Builds the replies to one request, which share their id and time.</summary>
/// <param name="id">The completion's own.</param>
/// <param name="created">When it was begun.</param>
/// <param name="model">What answers.</param>
internal sealed class ChatReplies(string id, DateTimeOffset created, ModelIdentity model)
{
    private const string Whole = "chat.completion", Part = "chat.completion.chunk";

    public ChatReply Complete(GenerateReply reply) => New(Whole, new ChatChoice(0, FinishOf(reply)) { Message = new ChatMessage("assistant", reply.Text) }) with
    {
        Usage = ChatUsage.Of(reply),
        M3 = RouteStory.Of(reply),
    };

    /// <param name="role">Named in the first part only.</param>
    public ChatReply Delta(string text, string? role) => New(Part, new ChatChoice(0, FinishReason: null) { Delta = new ChatDelta(role, text) });

    public ChatReply End(GenerateReply reply) => New(Part, new ChatChoice(0, FinishOf(reply)) { Delta = new ChatDelta() }) with { M3 = RouteStory.Of(reply) };

    public ChatReply Usage(GenerateReply reply) => New(Part) with { Usage = ChatUsage.Of(reply) };

    private ChatReply New(string kind, params IReadOnlyList<ChatChoice> choices) => new(id, kind, created.ToUnixTimeSeconds(), model.Name, model.Version, choices);

    private static string FinishOf(GenerateReply reply) => reply.Finish == FinishReason.Length ? "length" : "stop";
}
