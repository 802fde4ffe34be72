using System.Text.Json.Serialization;

namespace M3.Adaptive.CommandLine;

/// <summary>One question about one picture, with the answers that count as right: a line of <c>questions.jsonl</c>.</summary>
/// <param name="Id">Unique in its set; the file holds a number or a string.</param>
/// <param name="Image">Path of the picture, relative to the set's folder.</param>
/// <param name="Text">The question.</param>
/// <param name="Answers">Any of them is right; the first one is shown as the expected answer.</param>
/// <param name="Category">The family of questions; null when the set names none.</param>
/// <param name="Axes">What of the question training never saw, one name each, such as "new words"; null when the set does not say.</param>
public sealed record Question(
    [property: JsonPropertyName("question_id")] string Id,
    [property: JsonPropertyName("image")] string Image,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("answers")] IReadOnlyList<string> Answers,
    [property: JsonPropertyName("category")] string? Category = null,
    [property: JsonPropertyName("axes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Axes = null)
{
    /// <summary>Whether a text equals one of the answers but for case and white space: the one rule of labels, evaluation and demonstration.</summary>
    public bool IsAnsweredBy(string text) => Answers.Any(answer => Folded(answer) == Folded(text));

    private static string Folded(string text) =>
        string.Join(' ', text.ToLowerInvariant().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
