using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>What the pictures of one split may show.</summary>
internal sealed class Content
{
    private readonly IconArt[] _seen;
    private readonly IconArt[] _heldOut;
    private readonly double _heldOutShare;
    private readonly double _strangeItems;
    private readonly bool _foreignStyle;

    public Content(Assets assets, Split split)
    {
        bool IsHeldOut(IconArt art) => !assets.HeldOutStyle && DataLists.IsHeldOutPair(art.Concept, art.Style, assets.Styles.Count);
        _foreignStyle = assets.HeldOutStyle;
        _seen = [.. assets.Icons.Where(art => !IsHeldOut(art))];
        _heldOut = [.. assets.Icons.Where(IsHeldOut)];
        _heldOutShare = _heldOut.Length == 0 ? 0 : Mix.For(split).HeldOutPairs;
        Typefaces = [.. DataLists.Typefaces.Where(face => face.HeldOut == split.IsHeldOut())];
        Words = [.. DataLists.Words.Where(word => DataLists.IsHeldOutWord(word) == split.IsHeldOut())];
        _strangeItems = Mix.For(split).StrangeItems;
        Items = [.. DataLists.Items.Where(item => DataLists.IsHeldOutItem(item) == split.IsHeldOut())];
    }

    /// <summary>Concepts whose name fits a line of a receipt.</summary>
    private static string[] Names { get; } = [.. DataLists.Concepts.Select(concept => concept.Name).Where(name => name.Length <= 8 && !name.Contains(' '))];

    public IReadOnlyList<Typeface> Typefaces { get; }
    public IReadOnlyList<string> Words { get; }
    public IReadOnlyList<string> Items { get; }

    /// <summary>An icon of any concept.</summary>
    public IconArt Icon(SeededRandom random) => random.Pick(random.Chance(_heldOutShare) ? _heldOut : _seen);

    /// <summary>An icon whose concept is not among those excluded.</summary>
    public IconArt Icon(SeededRandom random, ISet<Concept> excluded)
    {
        IconArt icon;
        do icon = Icon(random);
        while (excluded.Contains(icon.Concept));
        return icon;
    }

    /// <summary>The same concept, in any style that the split shows.</summary>
    public IconArt IconOf(Concept concept, SeededRandom random)
    {
        var hidden = Array.Find(_heldOut, art => art.Concept == concept);
        if (hidden is not null && random.Chance(_heldOutShare)) return hidden;
        return random.Pick(Array.FindAll(_seen, art => art.Concept == concept));
    }

    /// <summary>What of an icon training never shows.</summary>
    public Novelty NoveltyOf(IconArt art) => _foreignStyle ? Novelty.IconStyle : _heldOut.Contains(art) ? Novelty.Icons : Novelty.None;

    /// <summary>Whether training never shows a word or an item; numbers and codes are always new.</summary>
    public static Novelty NoveltyOf(string text) =>
        DataLists.Words.Contains(text) && DataLists.IsHeldOutWord(text) || DataLists.Items.Contains(text) && DataLists.IsHeldOutItem(text) ? Novelty.Words : Novelty.None;

    /// <summary>A word of at most so many letters.</summary>
    public string Word(SeededRandom random, int longest)
    {
        string word;
        do word = random.Pick(Words);
        while (word.Length > longest);
        return word;
    }

    /// <summary>So many different things to sell.</summary>
    public List<string> Wares(SeededRandom random, int count)
    {
        var wares = random.Draw(Items, count);
        if (_strangeItems == 0) return wares;
        for (var i = 0; i < count; i++)
        {
            if (!random.Chance(_strangeItems)) continue;
            string strange;
            do strange = random.PickWeighted([0.5, 0.2, 0.3]) switch
            {
                0 => random.Pick(Words),
                1 => random.Pick(Names),             // one piece to the vocabulary, letters to the picture
                _ => Code(random, random.Between(3, 6)),
            };
            while (wares.Contains(strange) || DataLists.Items.Contains(strange));
            wares[i] = strange;
        }

        return wares;
    }

    /// <summary>Letters and digits without meaning: reading must not become guessing. Never one of the held-out words.</summary>
    public static string Code(SeededRandom random, int length)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz";
        const string Characters = Letters + "0123456789";
        while (true)
        {
            var alphabet = random.Chance(0.6) ? Letters : Characters;
            var code = string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
            if (!DataLists.Words.Contains(code) && !DataLists.Items.Contains(code)) return code;
        }
    }

    public static string Number(SeededRandom random, int digits)
    {
        var low = (int)Math.Pow(10, digits - 1);
        return random.Between(low, low * 10 - 1).ToString();
    }
}
