using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>One question about one picture with the answers that count as right.</summary>
/// <param name="Id">Unique in its set.</param>
/// <param name="Image">Path of the picture, relative to the set's folder.</param>
/// <param name="Text">The question.</param>
/// <param name="Answers">Any of them is right.</param>
/// <param name="Category">The family; null when the set names none.</param>
internal sealed record SetQuestion(
    [property: JsonPropertyName("question_id"), JsonConverter(typeof(IdConverter))] string Id,
    [property: JsonPropertyName("image")] string Image,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("answers")] string[] Answers,
    [property: JsonPropertyName("category")] string? Category)
{
    /// <summary>Right after folding case and white space.</summary>
    public bool IsRight(string answer) => Answers.Any(right => Normalised(right) == Normalised(answer));

    private static string Normalised(string text) => string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>LLaVA's question files hold numbers or strings.</summary>
internal sealed class IdConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetInt64().ToString() : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A data set: a folder with pictures and <c>questions.jsonl</c> in LLaVA's question format with answers.</summary>
internal sealed record QuestionSet(string Folder, IReadOnlyList<SetQuestion> Questions)
{
    /// <summary>Of the questions and of the pictures' sizes: another set has another one.</summary>
    public string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { Questions, Sizes = Questions.Select(question => new FileInfo(Path.Combine(Folder, question.Image)).Length) })));

    /// <exception cref="InvalidDataException">The folder, a line or a picture is missing or malformed; the message names it.</exception>
    public static QuestionSet Read(string folder)
    {
        var file = Path.Combine(folder, "questions.jsonl");
        if (!File.Exists(file)) throw new InvalidDataException($"{file} does not exist: a data set is a folder with pictures and questions.jsonl.");
        var questions = new List<SetQuestion>();
        foreach (var (line, number) in File.ReadLines(file).Select((line, i) => (line, i + 1)))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            questions.Add(Parse(line, $"{file}:{number}"));
        }

        if (questions.Count == 0) throw new InvalidDataException($"{file} holds no question.");
        var twice = questions.GroupBy(question => question.Id).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null) throw new InvalidDataException($"{file} holds question_id {twice.Key} more than once: every question needs its own.");
        var missing = questions.Select(question => question.Image).Distinct().FirstOrDefault(image => !File.Exists(Path.Combine(folder, image)));
        if (missing is not null) throw new InvalidDataException($"{file} names the picture {missing}, which is not in {folder}.");
        return new QuestionSet(folder, questions);
    }

    /// <summary>Questions of one picture together, so that it is encoded once.</summary>
    public IEnumerable<IGrouping<string, SetQuestion>> ByImage() => Questions.GroupBy(question => question.Image);

    private static SetQuestion Parse(string line, string place)
    {
        try
        {
            var question = JsonSerializer.Deserialize<SetQuestion>(line);
            if (question is { Id: not null, Image: not null, Text: not null, Answers.Length: > 0 }) return question;
            throw new InvalidDataException($"{place}: a question needs question_id, image, text and answers.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{place} is no JSON object of a question: {fault.Message}", fault);
        }
    }
}
