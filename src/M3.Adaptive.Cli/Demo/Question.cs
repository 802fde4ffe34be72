using System.Text.Json.Serialization;

namespace M3.Adaptive.Cli.Demo;

/// <summary>One line of <c>questions.jsonl</c>.</summary>
/// <param name="Image">The picture's path, relative to the file's folder.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Answers">Right answers; any of them counts.</param>
/// <param name="Category">The family; empty when the file does not say.</param>
internal sealed record Question(string Image, string Text, IReadOnlyList<string> Answers, string Category = "")
{
    [JsonIgnore]
    public string Expected => Answers[0];

    /// <summary>Right when it equals one of the answers but for case and white space: the rule by which labels are made.</summary>
    public bool IsAnsweredBy(string text) => Answers.Any(answer => Plain(answer) == Plain(text));

    private static string Plain(string text) =>
        string.Join(' ', text.ToLowerInvariant().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
