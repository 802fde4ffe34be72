using System.Text.Json;

namespace M3.Adaptive.CommandLine;

/// <summary>One line of <c>questions.jsonl</c>, field by field, so that a fault is told in the words of the file and not of a parser.</summary>
internal static class QuestionLine
{
    /// <summary>The question of a line; several where it holds a conversation, or a list, as LLaVA's training files are one.</summary>
    /// <exception cref="FormatException">The line is no question; the message says what is expected.</exception>
    public static IReadOnlyList<Question> Parse(string line)
    {
        using var document = ParseJson(line);
        var root = document.RootElement;
        var isList = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);
        return isList ? [.. root.EnumerateArray().SelectMany(Questions)] : [.. Questions(root)];
    }

    private static IEnumerable<Question> Questions(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"it is {Kind(root)}; expected an object with question_id, image, text and answers");
        return Conversation.IsOne(root)
            ? Conversation.Questions(Id(root, "id"), Text(root, "image"), Category(root), root)
            : [new Question(Id(root, "question_id"), Text(root, "image"), Text(root, "text"), Answers(root), Category(root), Axes(root))];
    }

    private static JsonDocument ParseJson(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"it is no JSON from character {fault.BytePositionInLine + 1} on; expected one object a line", fault);
        }
    }

    // LLaVA's question files hold numbers or strings.
    private static string Id(JsonElement root, string name)
    {
        var value = Field(root, name);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,                          // a string has one
            JsonValueKind.Number when value.TryGetInt64(out var number) => $"{number}",
            _ => throw new FormatException($"{name} is {Kind(value)}; expected a whole number or a text"),
        };
    }

    private static string Text(JsonElement root, string name)
    {
        var value = Field(root, name);
        if (value.ValueKind != JsonValueKind.String) throw new FormatException($"{name} is {Kind(value)}; expected a text");
        return value.GetString() is { Length: > 0 } text ? text : throw new FormatException($"{name} is empty");
    }

    private static string[] Answers(JsonElement root)
    {
        var value = Field(root, "answers");
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];  // one answer may stand by itself
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw new FormatException($"answers is {(value.ValueKind == JsonValueKind.Array ? "empty" : Kind(value))}; expected a list of texts, such as [\"red\"]");
        if (value.EnumerateArray().FirstOrDefault(answer => answer.ValueKind != JsonValueKind.String) is { ValueKind: not JsonValueKind.Undefined } other)
            throw new FormatException($"answers holds {Kind(other)}; expected texts, such as [\"red\"]");
        return [.. value.EnumerateArray().Select(answer => answer.GetString()!)];  // checked above
    }

    private static string? Category(JsonElement root)
    {
        if (!root.TryGetProperty("category", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"category is {Kind(value)}; expected a text");
    }

    private static string[]? Axes(JsonElement root)
    {
        if (!root.TryGetProperty("axes", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(axis => axis.ValueKind != JsonValueKind.String))
            throw new FormatException("axes is no list of texts; expected one such as [\"new words\"]");
        return [.. value.EnumerateArray().Select(axis => axis.GetString()!)];      // checked above
    }

    private static JsonElement Field(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value : throw new FormatException($"{name} is missing; expected question_id, image, text and answers, or id, image and conversations");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => $"the number {value}",
        JsonValueKind.String => "a text",
        _ => value.ToString().ToLowerInvariant(),                                // true, false
    };
}
