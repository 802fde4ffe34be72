using System.Text.Json.Serialization;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>How many pieces of the model's vocabulary a word of a question takes on average: 1 where all words are known as a whole.</summary>
public sealed record WordPieces
{
    private const char WordStart = '▁';                                       // SentencePiece's mark of a space

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _longest;

    /// <param name="pieces">Pieces of more than one letter, lower case, in SentencePiece's spelling.</param>
    [JsonConstructor]
    public WordPieces(string[] pieces)
    {
        Pieces = pieces;
        _lookup = pieces.ToHashSet().GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = pieces.Select(piece => piece.Length).DefaultIfEmpty(1).Max();
    }

    public string[] Pieces { get; }

    /// <summary>Keeps of a vocabulary what words are made of.</summary>
    public static WordPieces Of(IEnumerable<string> vocabulary) => new(
        [.. vocabulary.Where(piece => piece.Length > 1 && piece.TrimStart(WordStart).All(char.IsLetterOrDigit)).Select(piece => piece.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)]);

    /// <summary>Takes the longest piece that fits at each place, which is what merges come to for whole words.</summary>
    public float Of(string question)
    {
        var words = QuestionWords.Of(question);
        return words is [] ? 0 : (float)words.Average(Count);
    }

    private int Count(string word)
    {
        var rest = $"{WordStart}{word}".AsSpan();
        for (var pieces = 0; ; pieces++)
        {
            if (rest.IsEmpty) return pieces;
            var length = Math.Min(_longest, rest.Length);
            while (length > 1 && !_lookup.Contains(rest[..length])) length--;
            if (length == 1 && rest[0] == WordStart && rest.Length > 1) length = 2;    // a letter with the space before it
            rest = rest[length..];
        }
    }
}
