using System.Diagnostics.CodeAnalysis;

namespace M3.Adaptive.Core;

/// <summary>How to choose tokens. Temperature 0 is greedy: the same input gives the same answer.</summary>
public sealed record DecodingOptions
{
    public static DecodingOptions Greedy { get; } = new();

    /// <summary>New tokens at most, end-of-sequence included; 1 to 1024.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>0 (greedy) to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Above 0, up to 1: sample among the likeliest tokens that together hold this probability.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Seed of the sampling; without effect when greedy.</summary>
    public long Seed { get; init; }

    /// <summary>Texts that end the answer where one of them begins; it is not part of the answer. None of them is empty.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}

public enum FinishReason
{
    /// <summary>More tokens follow.</summary>
    None = 0,

    /// <summary>The model ended its answer.</summary>
    EndOfSequence = 1,

    /// <summary>MaxNewTokens or the model's context length was reached.</summary>
    Length = 2,

    /// <summary>One of the stop texts was generated.</summary>
    Stop = 3,
}

/// <summary>One run of the language model: a question about an encoded image at one scale.</summary>
public sealed record GenerationRequest(EncodedImage Image, string Question, VisualScale Scale, DecodingOptions Decoding);

/// <summary>One generated token and what the model thought of it.</summary>
/// <param name="TokenId">Vocabulary index.</param>
/// <param name="Text">
/// What is certain of the answer's text with this token and was not before: whole characters only, and nothing that may yet turn out to be a stop text.
/// </param>
/// <param name="LogProbability">Natural logarithm of the token's probability, before temperature and top-p.</param>
/// <param name="Margin">Logit of the likeliest token minus that of the second likeliest; 0 or more.</param>
/// <param name="Entropy">Entropy of the next-token distribution in nats.</param>
/// <param name="Finish">Not <see cref="FinishReason.None"/> on the last token.</param>
/// <param name="Charged">Cost of producing this token: the first one carries the visual tokens and the prefill.</param>
public sealed record TokenEvidence(
    int TokenId, string Text, float LogProbability, float Margin, float Entropy, FinishReason Finish, Cost Charged);

/// <summary>The language model behind the router: encodes an image once and answers at any scale. Safe for concurrent use.</summary>
public interface IGenerator
{
    ModelIdentity Model { get; }

    /// <summary>The rungs that the model was trained for, coarsest first; at least one.</summary>
    IReadOnlyList<VisualScale> Ladder { get; }

    /// <summary>
    /// Decodes and encodes the image, or finds its features in the cache. Nobody may change the bytes afterwards: other calls for the same picture
    /// may still wait for what is made of them. A call that waits holds nothing else.
    /// </summary>
    /// <exception cref="InvalidImageException">The bytes are no picture that the product reads.</exception>
    /// <exception cref="OverloadedException">Too many calls wait already.</exception>
    /// <exception cref="TooLargeException">The picture is larger than all that may wait together.</exception>
    ValueTask<EncodedImage> EncodeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation);

    /// <summary>Finds the features of an image sent earlier; false when they have left the cache.</summary>
    bool TryGetEncoded(ImageHash hash, [NotNullWhen(true)] out EncodedImage? image);

    /// <summary>
    /// Cost of answering at a scale with <paramref name="newTokens"/> tokens: exact in visual tokens and FLOPs, an estimate
    /// in seconds. Encoding the image is not in it.
    /// </summary>
    Cost Estimate(string question, VisualScale scale, int newTokens);

    /// <summary>How long what was asked before is still expected to take: about what a dear call waits that comes now. A cheap one may overtake.</summary>
    TimeSpan Backlog { get; }

    /// <summary>What a question leaves of the model's context.</summary>
    ContextRoom Room(string question);

    /// <summary>FLOPs of encoding one image, the same at every scale.</summary>
    double EncodeFlops { get; }

    /// <summary>Runs prefill and decoding, each token sent before the next one is computed; the stream ends after the token whose <see cref="TokenEvidence.Finish"/> is set.</summary>
    /// <exception cref="ContextLengthException">The prompt and its visual tokens do not fit the model's context.</exception>
    /// <exception cref="OverloadedException">Too many calls wait already.</exception>
    /// <exception cref="TooLargeException">The answer may need more memory than all answers may take.</exception>
    IAsyncEnumerable<TokenEvidence> GenerateAsync(GenerationRequest request, CancellationToken cancellation);
}
