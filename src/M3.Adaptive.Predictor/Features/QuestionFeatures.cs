namespace M3.Adaptive.Predictor.Features;

/// <summary>Reduces a question to numbers: its opening words, its length and, hashed into a few dozen buckets, its words and letter trigrams.</summary>
internal static class QuestionFeatures
{
    private const int WordBuckets = 32;                                       // words and pairs of words
    private const int LetterBuckets = 16;                                     // three letters in a row

    private static readonly string[] Openers = ["what", "which", "where", "how many", "how much", "is", "who"];

    /// <summary>Counts of characters, words, digits and quotes; one flag for each opener; word buckets; letter buckets.</summary>
    public const int Count = 4 + 7 + WordBuckets + LetterBuckets;

    /// <summary>What each number stands for, in words.</summary>
    public static IEnumerable<string> Names =>
    [
        "characters", "words", "digits", "quotes",
        .. Openers.Select(static opener => $"begins with {opener}"),
        .. Enumerable.Range(1, WordBuckets).Select(static bucket => $"words of bucket {bucket}"),
        .. Enumerable.Range(1, LetterBuckets).Select(static bucket => $"letters of bucket {bucket}"),
    ];

    public static void Write(string question, Span<float> features)
    {
        features.Clear();
        var text = question.Trim().ToLowerInvariant();
        var words = QuestionWords.Of(text);
        features[0] = text.Length;
        features[1] = words.Count;
        features[2] = text.Count(char.IsAsciiDigit);
        features[3] = text.Count(letter => letter is '"' or '\'' or '“');

        var opener = Array.FindIndex(Openers, start => $"{string.Join(' ', words)} ".StartsWith($"{start} ", StringComparison.Ordinal));
        if (opener >= 0) features[4 + opener] = 1;

        var buckets = features[(4 + Openers.Length)..];
        for (var i = 0; i < words.Count; i++)
        {
            buckets[Bucket(words[i], WordBuckets)]++;
            if (i > 0) buckets[Bucket($"{words[i - 1]} {words[i]}", WordBuckets)]++;
        }

        var padded = $" {string.Join(' ', words)} ";
        for (var i = 0; i + 3 <= padded.Length; i++) buckets[WordBuckets + Bucket(padded.Substring(i, 3), LetterBuckets)]++;
    }

    private static int Bucket(string gram, int buckets) => (int)(StableHash.Of(gram) % (uint)buckets);
}
