namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>What a question is about, and the words that agree with it.</summary>
/// <param name="Name">As the data names it; empty: nothing in particular.</param>
internal sealed record Subject(string Name)
{
    private static readonly HashSet<string> PluralNames =
        ["cherries", "french fries", "glasses", "grapes", "pancakes", "scissors", "beans", "eggs", "nuts", "oats", "peas", "socks"];

    private static readonly HashSet<string> MassNames = ["bread", "fire", "popcorn"];

    private static readonly Dictionary<string, string> Irregular = new() { ["fish"] = "fish", ["deer"] = "deer", ["mouse"] = "mice", ["wolf"] = "wolves" };

    private static readonly Dictionary<string, string[]> Spellings = new()
    {
        ["gray"] = ["gray", "grey"],
        ["center"] = ["center", "centre", "middle"],
        ["top left"] = ["top left", "upper left", "top left corner"],
        ["top right"] = ["top right", "upper right", "top right corner"],
        ["bottom left"] = ["bottom left", "lower left", "bottom left corner"],
        ["bottom right"] = ["bottom right", "lower right", "bottom right corner"],
        ["left"] = ["left", "left side"],
        ["right"] = ["right", "right side"],
        ["highest"] = ["highest", "tallest", "biggest"],
        ["longest"] = ["longest", "biggest"],
        ["lowest"] = ["lowest", "shortest", "smallest"],
        ["shortest"] = ["shortest", "smallest"],
    };

    /// <summary>For questions that leave nothing open.</summary>
    public static Subject None { get; } = new("");

    /// <summary>What a question may call it.</summary>
    public IReadOnlyList<string> Names => Spellings.TryGetValue(Name, out var spellings) ? spellings : [Name];

    /// <summary>One and many of it: what a question must keep to be about it.</summary>
    public IEnumerable<string> Called => [.. Names, .. Many is { } many ? [many] : Array.Empty<string>()];

    /// <summary>Every text that may stand for it.</summary>
    public IEnumerable<string> Forms => [.. Called, WithArticle, "is", "are", "does", "have", "has", "costs"];

    /// <summary>Only spoken of in the plural: "how many bars are there".</summary>
    public bool OnlyMany { get; init; }

    private bool IsPlural => PluralNames.Contains(Name);

    /// <summary>"foxes"; null where there is none, as of bread.</summary>
    private string? Many => Name switch
    {
        _ when IsPlural => Name,
        _ when MassNames.Contains(Name) => null,
        _ when Irregular.TryGetValue(Name, out var many) => many,
        [.., 's' or 'x'] or [.., 'c' or 's', 'h'] => $"{Name}es",
        [.. var stem, not ('a' or 'e' or 'o' or 'u'), 'y'] => $"{stem}{Name[^2]}ies",
        "potato" or "tomato" => $"{Name}es",
        _ => $"{Name}s",
    };

    /// <summary>"an owl", "a unicorn", "scissors", "bread".</summary>
    private string WithArticle =>
        IsPlural || MassNames.Contains(Name) ? Name
        : "aeio".Contains(Name[0]) || Name == "umbrella" ? $"an {Name}"
        : $"a {Name}";

    /// <summary>Whether it has every word that the form wants.</summary>
    public bool Fits(Form form) =>
        (Many is not null || !form.Text.Contains("{many}", StringComparison.Ordinal))
        && (!OnlyMany || !form.Text.Contains("{x}", StringComparison.Ordinal));

    /// <summary>The form's text with the subject's words in it.</summary>
    /// <param name="text">A form's.</param>
    /// <param name="random">Which of its names is used.</param>
    /// <param name="capitals">Names are written with capitals: "where is the Red Apple".</param>
    public string Fill(string text, SeededRandom random, bool capitals)
    {
        if (Name.Length == 0) return text;
        return text.Replace("{x}", Written(random.Pick(Names))).Replace("{a}", Written(WithArticle)).Replace("{many}", Written(Many ?? ""))
            .Replace("{is}", IsPlural ? "are" : "is").Replace("{does}", IsPlural ? "do" : "does").Replace("{has}", IsPlural ? "have" : "has")
            .Replace("{costs}", IsPlural ? "cost" : "costs").Replace("{it is}", IsPlural ? "they are" : "it is");

        string Written(string name) => !capitals ? name : string.Join(' ', name.Split(' ').Select(word => word is "" or "a" or "an" ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
