using System.Text.Json;

namespace M3.Adaptive.CommandLine;

/// <summary>An object of a LLaVA training file: an image and turns of human and gpt. Each turn is a question of its own, its reply the answer that counts as right.</summary>
internal static class Conversation
{
    private const string Placeholder = "<image>", Turns = "conversations";

    public static bool IsOne(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty(Turns, out _);

    /// <exception cref="FormatException">The turns are not pairs of human and gpt.</exception>
    public static IEnumerable<Question> Questions(string id, string image, string? category, JsonElement root)
    {
        var turns = root.GetProperty(Turns);
        if (turns.ValueKind != JsonValueKind.Array || turns.GetArrayLength() is 0 || turns.GetArrayLength() % 2 != 0)
            throw new FormatException($"{Turns} is no list of pairs; expected human and gpt by turns");
        return turns.EnumerateArray().Chunk(2).Select((pair, i) =>
        {
            var question = Value(pair[0], "human").Replace(Placeholder, "", StringComparison.Ordinal).Trim();
            if (question.Length == 0) throw new FormatException($"turn {2 * i + 1} of {Turns} is empty");
            return new Question(i == 0 ? id : $"{id}/{i + 1}", image, question, [Value(pair[1], "gpt")], category);
        });
    }

    private static string Value(JsonElement turn, string from) =>
        turn.ValueKind == JsonValueKind.Object
        && turn.TryGetProperty("from", out var who) && who.ValueKind == JsonValueKind.String && who.ValueEquals(from)
        && turn.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!                                                  // a string has one
            : throw new FormatException($$"""a turn of {{Turns}} is not as expected, which is {"from": "{{from}}", "value": a text}""");
}
