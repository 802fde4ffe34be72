using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Asking;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// Questions as nobody wrote them into the grammar: words lost, misspelled, put in, or replaced by ones that do not exist; never those for what is asked about. A model that reads
/// the grammar's words alone depends on each of them, and is lost in a stranger's sentence.
/// </summary>
internal static class WordNoise
{
    private const double Lost = 0.15, Replaced = 0.15, Misspelled = 0.1, PutIn = 0.08;

    private static readonly char[] Vowels = [.. "aeiou"], Consonants = [.. "bcdfghklmnprstvwz"];

    /// <summary>The same question in disturbed words; at least one word is left of it.</summary>
    public static string Disturb(Question question, SeededRandom random)
    {
        var needed = new Subject(question.About).Called.SelectMany(name => name.Split(' ')).ToArray();
        List<string> words = [];
        foreach (var word in question.Text.Split(' '))
        {
            if (random.Chance(PutIn)) words.Add(Invented(random));
            if (IsNeeded(word, needed))
            {
                words.Add(word);
                continue;
            }

            var chance = random.NextDouble();
            if (chance < Lost) continue;
            words.Add(chance < Lost + Replaced ? Invented(random) : chance < Lost + Replaced + Misspelled ? Typing.Slip(word, random) : word);
        }

        return words.Count > 0 ? string.Join(' ', words) : question.Text;
    }

    // With its marks, as in "foxes?"; numbers and codes are what is looked for.
    private static bool IsNeeded(string word, string[] names) =>
        word.Any(char.IsAsciiDigit) || names.Any(name => name.Length > 0 && word.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static string Invented(SeededRandom random) => string.Concat(Enumerable.Range(0, random.Between(1, 3)).Select(_ => Syllable(random)));

    private static string Syllable(SeededRandom random)
    {
        var open = $"{random.Pick(Consonants)}{random.Pick(Vowels)}";
        return random.Chance(0.5) ? $"{open}{random.Pick(Consonants)}" : open;
    }
}
