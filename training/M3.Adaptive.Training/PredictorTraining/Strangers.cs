using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>
/// Makes requests that no label is like: an item keeps the answer that it was given, and its question or picture is replaced. In equal parts: the words
/// shuffled; words replaced by invented ones; the start of one question and the end of another; another item's question; every feature
/// of the picture taken from another picture.
/// </summary>
internal sealed class Strangers(LabelTable table, int seed)
{
    private const int Count = 2000;

    private readonly Random _random = new(seed);
    private readonly float[][] _pictures = [.. table.ImageFeatures.OrderBy(image => image.Key, StringComparer.Ordinal).Select(image => image.Value)];

    /// <summary>As many of the items named as is their share of the table.</summary>
    public IEnumerable<Stranger> Make(int[] items)
    {
        for (var made = 0; made < Count * (long)items.Length / table.Items.Count; made++)
        {
            var i = _random.GetItems(items, 1)[0];
            var (item, other, rung) = (table.Items[i], Any(table.Items), _random.Next(VisualScale.Ladder.Length));
            var picture = table.ImageFeatures[item.Image];
            var (words, others) = (item.Question.Split(' '), other.Question.Split(' '));
            var question = (made % 5) switch
            {
                0 => string.Join(" ", words.OrderBy(_ => _random.Next())),
                1 => string.Join(' ', words.Select(word => _random.Next(2) == 0 ? word : Invented(word.Length))),
                2 => string.Join(' ', words[..((words.Length + 1) / 2)].Concat(others[(others.Length / 2)..])),
                3 => other.Question,
                _ => item.Question,
            };
            if (made % 5 == 4) picture = [.. picture.Select((_, feature) => Any(_pictures)[feature])];
            yield return new Stranger(i, rung, picture, question, item.Outcomes[rung].Answer);
        }
    }

    private T Any<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private string Invented(int length) => string.Concat(Enumerable.Range(0, Math.Max(length, 2)).Select(i => Any(i % 2 == 0 ? "bcdfghklmnprstvz" : "aeiou")));

    private char Any(string letters) => letters[_random.Next(letters.Length)];
}

/// <param name="Item">Index of the item whose answer, and confidence in it, the stranger keeps.</param>
internal sealed record Stranger(int Item, int Rung, float[] Picture, string Question, string Answer);
