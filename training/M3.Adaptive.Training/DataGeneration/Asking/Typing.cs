namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>How people type: with and without capitals, marks and greetings, and now and then with a slip.</summary>
internal static class Typing
{
    private const double Slips = 0.04;
    private const double Greetings = 0.05;

    /// <summary>What may come before a question.</summary>
    public static readonly string[] Openings = ["hello, ", "hi, ", "excuse me, ", "please: "];

    /// <summary>A form about a subject as somebody typed it.</summary>
    public static string Type(Form form, Subject subject, SeededRandom random)
    {
        var text = random.Chance(Slips) ? Slip(form.Text, random) : form.Text;
        if (form.IsQuestion && random.Chance(Greetings)) text = random.Chance(0.7) ? random.Pick(Openings) + text : $"{text}, please";
        var style = random.PickWeighted([0.5, 0.32, 0.09, 0.09]);      // as it is, a capital first, names too, capitals throughout
        text = subject.Fill(text, random, capitals: style == 2);
        text = style switch { 0 => text, 3 => text.ToUpperInvariant(), _ => char.ToUpperInvariant(text[0]) + text[1..] };
        if (form.IsQuestion) return random.Chance(0.55) ? $"{text}?" : text;
        return random.Chance(0.35) ? $"{text}." : text;
    }

    /// <summary>One letter of a longer word lost, doubled or swapped with the next; never in what the question is about.</summary>
    internal static string Slip(string text, SeededRandom random)
    {
        var words = text.Split(' ');
        int[] longer = [.. Enumerable.Range(0, words.Length).Where(i => words[i].Length >= 4 && words[i].All(char.IsAsciiLetterLower))];
        if (longer.Length == 0) return text;
        var word = words[random.Pick(longer)];
        var at = random.Between(1, word.Length - 2);
        var slipped = random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, $"{word[at]}"),
            _ => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
        };
        words[Array.IndexOf(words, word)] = slipped;
        return string.Join(' ', words);
    }
}
