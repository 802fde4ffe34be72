using System.Text.Json;
using M3.Adaptive.Cli.Commands;

namespace M3.Adaptive.Cli.Demo;

/// <summary>A folder with <c>questions.jsonl</c> and the pictures that it names.</summary>
internal static class QuestionFile
{
    private const string Name = "questions.jsonl";

    /// <exception cref="CommandException">The folder has no such file, or a line of it is no question.</exception>
    public static IReadOnlyList<Question> Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file)) throw new CommandException($"{folder} has no {Name}: name a folder of pictures with questions by --data");
        var questions = File.ReadLines(file)
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(row => !string.IsNullOrWhiteSpace(row.Line))
            .Select(row => Parse(row.Line, $"{file}:{row.Number}"))
            .ToList();
        return questions.Count > 0 ? questions : throw new CommandException($"{file} holds no question");
    }

    private static Question Parse(string line, string place)
    {
        try
        {
            var question = JsonSerializer.Deserialize<Question>(line, JsonSerializerOptions.Web);
            if (question is { Image.Length: > 0, Text.Length: > 0, Answers.Count: > 0 }) return question;
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{place} is no question: {exception.Message}");
        }

        throw new CommandException($"{place} is no question: it needs image, text and answers");
    }

    /// <summary>
    /// Up to <paramref name="count"/> questions, the families taking turns in order of first appearance, each in the file's own order:
    /// all families are asked, and the same ones every time.
    /// </summary>
    public static IReadOnlyList<Question> Choose(IReadOnlyList<Question> all, int count)
    {
        var chosen = all
            .GroupBy(question => question.Category)
            .SelectMany((family, order) => family.Select((question, turn) => (question, turn, order)))
            .OrderBy(entry => entry.turn).ThenBy(entry => entry.order)
            .Take(count)
            .OrderBy(entry => entry.order).ThenBy(entry => entry.turn);
        return [.. chosen.Select(entry => entry.question)];
    }
}
