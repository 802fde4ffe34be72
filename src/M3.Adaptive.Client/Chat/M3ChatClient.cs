using System.Runtime.CompilerServices;
using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Chat;

/// <summary>
/// The services of M3.Adaptive as a chat client of Microsoft.Extensions.AI: a message of one picture (<see cref="DataContent"/>, whose <c>AdditionalProperties["detail"]</c> is heeded as in OpenAI's
/// interface) and a question. <c>max_visual_tokens</c>, <c>min_visual_tokens</c> and <c>risk</c> are taken from the options' additional properties. What the model cannot heed is refused by name.
/// </summary>
/// <param name="client">Not disposed of here.</param>
public sealed class M3ChatClient(M3Client client) : IChatClient
{
    /// <summary>Name of the visual tokens charged, among a response's additional counts.</summary>
    public const string ImageTokens = "image_tokens";

    /// <summary>Name of what always the finest scale would have been charged, among a response's additional counts.</summary>
    public const string AlwaysFinestImageTokens = "always_finest_image_tokens";

    /// <summary>Name of the probability that the answer is right, a <see cref="double"/> from 0 to 1, among a response's additional properties; missing where the answer could not be judged.</summary>
    public const string Confidence = "confidence";

    /// <summary>Name of whether picture, question or answer are unlike what the confidence was calibrated on, among a response's additional properties.</summary>
    public const string Unfamiliar = "unfamiliar";

    /// <summary>Name of what outcomes are recorded by (<see cref="M3Client.RecordAsync"/>), among a response's additional properties.</summary>
    public const string DecisionId = "decision_id";

    private readonly ChatClientMetadata _metadata = new("m3-adaptive", client.Address);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It is no question about one picture, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">An option is no value of its kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">The service refused, or none answered.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        // Not out of a stream: a whole answer is judged as a whole, a streamed one by its first token.
        var request = await ToRequestAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var reply = await client.GenerateAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        var end = ChatAnswer.End(reply, reply.Decision.DecisionId);
        var response = new[] { ChatAnswer.Text(reply.Text, reply.Decision.DecisionId), end }.ToChatResponse();
        (response.RawRepresentation, response.AdditionalProperties) = (reply, end.AdditionalProperties);
        return response;
    }

    /// <inheritdoc/>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = await ToRequestAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var id = request.HasRequestId ? request.RequestId : $"{Guid.NewGuid()}";
        request.RequestId = id;
        await foreach (var part in client.GenerateStreamAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false))
            yield return part.PartCase == GenerateStreamResponse.PartOneofCase.End ? ChatAnswer.End(part.End, id) : ChatAnswer.Text(part.Text, id);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return _metadata;
        if (serviceType == typeof(M3Client)) return client;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client below belongs to whoever made it.
    }

    private async Task<GenerateRequest> ToRequestAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = ChatQuestion.ToRequest(messages, options, options?.RawRepresentationFactory?.Invoke(this) as GenerateRequest);
        if (options?.ModelId is not { } wanted) return request;
        var model = await client.GetModelAsync(new GetModelRequest(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return wanted == model.Name || wanted.StartsWith($"{model.Name}@", StringComparison.Ordinal)
            ? request
            : throw new NotSupportedException($"{nameof(ChatOptions.ModelId)} is {wanted}: the service at {client.Address} serves {model.Name}.");
    }
}
