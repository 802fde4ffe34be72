using System.Text.RegularExpressions;
using M3.Adaptive.Model.Tokenizer;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// The tokenizer of m3-nano, by SentencePiece's own trainer with LLaMA's conventions: words of the template, of questions
/// and of names are one piece each; everything else, above all what is read from pictures, is spelled character by character.
/// </summary>
internal static partial class NanoVocabulary
{
    private const int ControlAndBytes = 3 + 256;

    // A piece shorter than this would begin too many words that must be spelled.
    private const int ShortestWord = 3;

    /// <param name="questions">Generated questions.</param>
    /// <param name="answers">Answers that are names, not read from the picture.</param>
    /// <param name="spelled">Every word and number that appears in a picture, of any split: no piece may begin one of them.</param>
    /// <returns>The bytes of <c>tokenizer.model</c>.</returns>
    public static byte[] Train(IReadOnlyCollection<string> questions, IReadOnlyCollection<string> answers, IReadOnlyCollection<string> spelled)
    {
        string[] corpus = [VicunaPrompt.System, "USER: ASSISTANT:", .. questions, .. answers];
        var words = corpus.SelectMany(sentence => Word().Matches(sentence).Select(match => match.Value)).Distinct()
            .Where(word => word.Length >= ShortestWord && !spelled.Any(text => text.StartsWith(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).ToArray();

        // A question follows a line break, not a space: its first word needs a piece of its own, where that is in no spelled word.
        var openings = questions.Select(question => Word().Match(question).Value).Distinct()
            .Where(word => word.Length >= ShortestWord && !spelled.Any(text => text.Contains(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        string[] pieces = [.. words.Select(word => $"\u2581{word}"), .. openings];
        var characters = Enumerable.Range(0x20, 0x5F).Select(c => (char)c).Where(c => c != ' ').Append('\u2581').ToArray();

        // Room for the words and the characters and nothing else: the trainer has no merge left to learn.
        var options = SentencePieceTrainer.LlamaOptions(ControlAndBytes + pieces.Length + characters.Length);
        options["user_defined_symbols"] = string.Join(',', pieces);
        options["required_chars"] = string.Concat(characters);
        return SentencePieceTrainer.Train(options, corpus.Append(string.Join(' ', characters)));
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
