using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Chat;

/// <summary>
/// Chat messages as the one question about one picture that the model's prompt holds. Pure. What the model cannot heed is refused by name: an answer that left it out would be one to another question.
/// </summary>
internal static class ChatQuestion
{
    /// <summary>Visual tokens that a picture of low detail is charged at most, over all scales that run.</summary>
    public const int LowDetail = 36;

    public const int HighDetail = 576;

    /// <exception cref="NotSupportedException">It is no question about one picture, or asks for what the model cannot do.</exception>
    public static GenerateRequest ToRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, GenerateRequest? start)
    {
        if (messages.ToList() is not [var message]) throw new NotSupportedException("The model answers one question about one picture: send one message, and all that matters within its text.");
        if (message.Role != ChatRole.User) throw new NotSupportedException($"The message is of role {message.Role}: the model takes neither instructions nor conversations, only a user's question.");
        var request = start ?? new GenerateRequest();
        var texts = new List<string>();
        DataContent? picture = null;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text: texts.Add(text.Text); break;
                case DataContent data when !data.HasTopLevelMediaType("image"): throw new NotSupportedException($"A part is of type {data.MediaType}: the model looks at pictures alone.");
                case DataContent when picture is not null: throw new NotSupportedException("The message has several pictures: ask about each in a message of its own.");
                case DataContent data: picture = data; break;
                case UriContent: throw new NotSupportedException("A picture is named by its address: addresses are not fetched, send its bytes as DataContent.");
                default: throw new NotSupportedException($"A part is {content.GetType().Name}: the model takes text and one picture.");
            }
        }

        if (picture is not null) request.Image = new Image { Data = UnsafeByteOperations.UnsafeWrap(picture.Data) };
        else if (request.Image is null) throw new NotSupportedException("The message has no picture: add its bytes as DataContent.");
        if (texts is not []) request.Question = string.Join('\n', texts);
        ChatWishes.Apply(options, picture, request);
        return request;
    }
}
