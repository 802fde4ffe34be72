using System.Text.Json.Serialization;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>
/// Whether an answer is of the kind that its question is answered with: ln of the likeliest kind's odds over those of the answer's, by naive Bayes
/// on the three words or pairs of words of the question that say most about the kind.
/// </summary>
public sealed record AnswerFit
{
    private const int Common = 24, LeastSeen = 5, Telling = 3;
    private const string Text = "*", Number = "#";

    private readonly double[] _prior;
    private readonly Dictionary<string, (double Entropy, double[] Gain)> _grams = [];

    /// <param name="kinds">The commonest answers by name, numbers by their length, any other text.</param>
    /// <param name="counts">Of each word or pair of words, how often each kind answered a question with it.</param>
    /// <param name="totals">How often each kind answered any question.</param>
    [JsonConstructor]
    public AnswerFit(string[] kinds, SortedDictionary<string, int[]> counts, int[] totals)
    {
        (Kinds, Counts, Totals) = (kinds, counts, totals);
        _prior = Smooth(totals, [.. kinds.Select(_ => 1.0 / kinds.Length)]);
        foreach (var (gram, seen) in counts)
        {
            var given = Smooth(seen, _prior);
            _grams[gram] = (-given.Sum(p => p * Math.Log(p)), [.. given.Zip(_prior, (p, prior) => Math.Log(p / prior))]);
        }
    }

    public string[] Kinds { get; }

    public SortedDictionary<string, int[]> Counts { get; }

    public int[] Totals { get; }

    public static AnswerFit Fit(IReadOnlyCollection<(string Question, string Answer)> answered)
    {
        var common = answered.Select(pair => Normal(pair.Answer)).Where(answer => !IsNumber(answer)).CountBy(answer => answer)
            .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(Common).Select(count => count.Key).ToHashSet();
        string KindOf(string answer) => common.Contains(Normal(answer)) ? Normal(answer) : Unnamed(Normal(answer));

        string[] kinds = [.. answered.Select(pair => KindOf(pair.Answer)).Append(Text).Distinct().Order(StringComparer.Ordinal)];
        var (counts, totals) = (new SortedDictionary<string, int[]>(StringComparer.Ordinal), new int[kinds.Length]);
        foreach (var (question, answer) in answered)
        {
            var kind = Array.IndexOf(kinds, KindOf(answer));
            totals[kind]++;
            foreach (var gram in Grams(question).Distinct())
            {
                if (!counts.TryGetValue(gram, out var seen)) counts[gram] = seen = new int[kinds.Length];
                seen[kind]++;
            }
        }

        foreach (var gram in counts.Where(count => count.Value.Sum() < LeastSeen).Select(count => count.Key).ToArray()) counts.Remove(gram);
        return new AnswerFit(kinds, counts, totals);
    }

    /// <summary>0 where the answer is of the likeliest kind.</summary>
    public float Of(string question, string answer)
    {
        double[] odds = [.. _prior.Select(share => Math.Log(share))];
        foreach (var (_, gain) in Grams(question).Distinct().Where(_grams.ContainsKey).Select(gram => _grams[gram]).OrderBy(gram => gram.Entropy).Take(Telling))
            for (var kind = 0; kind < odds.Length; kind++) odds[kind] += gain[kind];
        return (float)(odds.Max() - odds[KindOf(answer)]);
    }

    private int KindOf(string answer)
    {
        var normal = Normal(answer);
        if (Array.IndexOf(Kinds, normal) is >= 0 and var named) return named;
        return Array.IndexOf(Kinds, Unnamed(normal)) is >= 0 and var unnamed ? unnamed : Array.IndexOf(Kinds, Text);
    }

    private static double[] Smooth(int[] counts, double[] prior)
    {
        var total = counts.Sum() + 1.0;
        return [.. counts.Zip(prior, (count, share) => (count + share) / total)];
    }

    private static string Normal(string answer) => answer.Trim().ToLowerInvariant();

    private static string Unnamed(string answer) => IsNumber(answer) ? string.Concat(Enumerable.Repeat(Number, answer.Length)) : Text;

    private static bool IsNumber(string answer) => answer.Length > 0 && answer.All(char.IsAsciiDigit);

    private static IEnumerable<string> Grams(string question)
    {
        var words = QuestionWords.Of(question);
        return words.Concat(words.Zip(words.Skip(1), (first, second) => $"{first} {second}"));
    }
}
