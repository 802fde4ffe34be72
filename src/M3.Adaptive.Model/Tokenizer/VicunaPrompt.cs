namespace M3.Adaptive.Model.Tokenizer;

/// <summary>An earlier question of a conversation and the answer it got.</summary>
public readonly record struct Turn(string Question, string Answer);

/// <summary>
/// The prompt that LLaVA-1.5 was trained with (conversation template <c>vicuna_v1</c>), as ids:
/// <c>{system} USER: [image]\n{question} ASSISTANT:</c>. The image's rows go between <see cref="Prefix"/>, which is the same at
/// every scale, and the suffix. Questions are neither trimmed nor checked; their case is kept, or lost for a model that knows lower case only.
/// </summary>
public sealed class VicunaPrompt
{
    /// <summary>The system text, exactly as in the training data.</summary>
    public const string System =
        "A chat between a curious user and an artificial intelligence assistant. "
        + "The assistant gives helpful, detailed, and polite answers to the user's questions.";

    private readonly SentencePieceTokenizer _tokenizer;
    private readonly bool _lowercase;
    private readonly int[] _prefix;

    /// <param name="lowercase">Whether questions are put in lower case, by the rule that the predictor's features follow: the invariant culture's.</param>
    public VicunaPrompt(SentencePieceTokenizer tokenizer, bool lowercase = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_tokenizer, _lowercase) = (tokenizer, lowercase);
        _prefix = [tokenizer.BeginId, .. tokenizer.Encode($"{System} USER: ")];
    }

    /// <summary>Ids before the image, begin id included.</summary>
    public ReadOnlyMemory<int> Prefix => _prefix;

    /// <summary>Ids after the image: the earlier turns, then the question.</summary>
    public int[] Suffix(string question, params ReadOnlySpan<Turn> earlier) => Ask([], "\n", question, earlier);

    /// <summary>The whole prompt of a conversation without an image, begin id included.</summary>
    public int[] TextOnly(string question, params ReadOnlySpan<Turn> earlier) => Ask([_tokenizer.BeginId], $"{System} USER: ", question, earlier);

    /// <summary>Ids of an answer behind a prompt, end id included.</summary>
    public int[] Answer(string answer) => [.. _tokenizer.Encode(answer), _tokenizer.EndId];

    private int[] Ask(List<int> ids, string opening, string question, ReadOnlySpan<Turn> earlier)
    {
        for (var i = 0; i < earlier.Length; i++)
        {
            ids.AddRange(Encode(i, $"{opening}{Spelt(earlier[i].Question)} ASSISTANT: {earlier[i].Answer}"));
            ids.Add(_tokenizer.EndId);
            opening = "USER: ";
        }

        ids.AddRange(Encode(earlier.Length, $"{opening}{Spelt(question)} ASSISTANT:"));
        return [.. ids];
    }

    private string Spelt(string question) => _lowercase ? question.ToLowerInvariant() : question;

    // The first chunk stands alone; a later one follows the end id of the answer before it, without a space.
    private int[] Encode(int turn, string chunk) => turn == 0 ? _tokenizer.Encode(chunk) : _tokenizer.EncodeContinuation(chunk);
}
