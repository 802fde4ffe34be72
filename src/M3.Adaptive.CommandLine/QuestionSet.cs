using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace M3.Adaptive.CommandLine;

/// <summary>A data set: a folder with pictures and <c>questions.jsonl</c> in LLaVA's question format with answers, or in its format of conversations.</summary>
public sealed record QuestionSet(string Folder, IReadOnlyList<Question> Questions)
{
    private const string FileName = "questions.jsonl";

    // Unicode keeps this one for programs' own use, so no text has it.
    private const string Undecodable = "\uFFFF";

    private static readonly Encoding MarkingUtf8 = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Undecodable));

    /// <exception cref="CommandException">The folder, a line or a picture is missing or malformed; the message names it.</exception>
    public static QuestionSet Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) throw new CommandException($"{folder} has no {FileName}: name a folder of pictures with questions by --data");
        var questions = Lines(file)
            .Index()
            .Where(line => !string.IsNullOrWhiteSpace(line.Item))
            .SelectMany(line => Parse(line.Item, $"{file}:{line.Index + 1}"))
            .ToList();
        if (questions.Count == 0) throw new CommandException($"{file} holds no question");
        if (questions.CountBy(question => question.Id).FirstOrDefault(entry => entry.Value > 1) is { Key: { } id })
        {
            throw new CommandException($"{file} holds question_id {id} more than once: every question needs its own");
        }

        if (questions.Select(question => question.Image).Distinct().FirstOrDefault(image => !File.Exists(Path.Combine(folder, image))) is { } missing)
        {
            throw new CommandException($"{file} names the picture {missing}, which is not in {folder}");
        }

        return new QuestionSet(folder, questions);
    }

    /// <summary>So many questions at most, taken at equal distances, so that every kind of picture is met; the whole set when it holds no more.</summary>
    public QuestionSet Thinned(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= Questions.Count) return this;
        return this with { Questions = [.. Enumerable.Range(0, count).Select(index => Questions[(int)((long)index * Questions.Count / count)])] };
    }

    /// <summary>Questions of one picture together, so that it is encoded once.</summary>
    public IEnumerable<IGrouping<string, Question>> ByImage() => Questions.GroupBy(question => question.Image);

    /// <summary>Lower-case hexadecimal SHA-256 of the questions and of the pictures' sizes: another set has another one.</summary>
    public string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { Questions, Sizes = Questions.Select(question => new FileInfo(Path.Combine(Folder, question.Image)).Length) })));

    // A list, as a LLaVA training file is one, may be spread over many lines.
    private static IEnumerable<string> Lines(string file)
    {
        var lines = File.ReadLines(file, MarkingUtf8);
        return lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() is "[" or "[{" ? [File.ReadAllText(file, MarkingUtf8)] : lines;
    }

    private static IReadOnlyList<Question> Parse(string line, string place)
    {
        if (line.Contains(Undecodable, StringComparison.Ordinal)) throw new CommandException($"{place}: it is not in UTF-8; save the whole file in UTF-8");
        try
        {
            return QuestionLine.Parse(line);
        }
        catch (FormatException fault)
        {
            throw new CommandException($"{place}: {fault.Message}", cause: fault);
        }
    }
}
