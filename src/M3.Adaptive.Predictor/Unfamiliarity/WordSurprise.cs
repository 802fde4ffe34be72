using System.Text.Json.Serialization;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>Mean surprise of a question's words under a model of three words in a row: -ln of the probability that each follows the two before it.</summary>
public sealed record WordSurprise
{
    private const string Start = "^", End = "$", Rare = "?";
    private const int Often = 2;                                              // a word seen less often is any rare word
    private const double BackOff = 2;                                         // as if the shorter context had been seen so often

    private readonly Dictionary<string, int> _longContexts, _pairs, _contexts, _words;
    private readonly int _total;

    /// <param name="triples">How often three words follow each other, a space between them.</param>
    [JsonConstructor]
    public WordSurprise(SortedDictionary<string, int> triples)
    {
        Triples = triples;
        (_longContexts, _pairs, _contexts, _words) = ([], [], [], []);
        foreach (var (triple, count) in triples)
        {
            var last = triple.LastIndexOf(' ');
            var middle = triple.IndexOf(' ') + 1;
            Add(_longContexts, triple[..last], count);
            Add(_pairs, triple[middle..], count);
            Add(_contexts, triple[middle..last], count);
            Add(_words, triple[(last + 1)..], count);
            _total += count;
        }
    }

    public SortedDictionary<string, int> Triples { get; }

    public static WordSurprise Fit(IEnumerable<string> questions)
    {
        string[][] all = [.. questions.Select(Symbols)];
        var often = all.SelectMany(words => words).CountBy(word => word).Where(count => count.Value >= Often).Select(count => count.Key).ToHashSet();
        var triples = all.SelectMany(words => Triple(words.Select(word => often.Contains(word) ? word : Rare))).CountBy(triple => triple);
        return new WordSurprise(new SortedDictionary<string, int>(triples.ToDictionary(), StringComparer.Ordinal));
    }

    public float Of(string question)
    {
        var words = Symbols(question);
        var (sum, before, last) = (0.0, Start, Start);
        foreach (var symbol in words.Append(End))
        {
            var word = symbol == End || _words.ContainsKey(symbol) ? symbol : Rare;
            sum -= Math.Log(Probability(before, last, word));
            (before, last) = (last, word);
        }

        return (float)(sum / (words.Length + 1));
    }

    private double Probability(string before, string last, string word)
    {
        var alone = (Count(_words, word) + BackOff / (_words.Count + 1)) / (_total + BackOff);
        var pair = (Count(_pairs, $"{last} {word}") + BackOff * alone) / (Count(_contexts, last) + BackOff);
        return (Count(Triples, $"{before} {last} {word}") + BackOff * pair) / (Count(_longContexts, $"{before} {last}") + BackOff);
    }

    private static string[] Symbols(string question) =>
        [.. QuestionWords.Of(question).Select(word => string.Concat(word.Select(letter => char.IsDigit(letter) ? "#" : $"{letter}")))];

    private static IEnumerable<string> Triple(IEnumerable<string> words)
    {
        var (before, last) = (Start, Start);
        foreach (var word in words.Append(End))
        {
            yield return $"{before} {last} {word}";
            (before, last) = (last, word);
        }
    }

    private static void Add(Dictionary<string, int> counts, string key, int count) => counts[key] = Count(counts, key) + count;

    private static int Count(IDictionary<string, int> counts, string key) => counts.TryGetValue(key, out var count) ? count : 0;
}
