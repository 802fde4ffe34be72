namespace M3.Adaptive.Training.DataGeneration;

/// <summary>What a question, or what its answer is read from, has that training never showed.</summary>
[Flags]
public enum Novelty
{
    None = 0,
    Words = 1,
    Typefaces = 2,
    Wordings = 4,
    Layouts = 8,

    /// <summary>A concept that training shows, though not in this style.</summary>
    Icons = 16,

    /// <summary>A style of which training shows no concept.</summary>
    IconStyle = 32,
}

public static class NoveltyExtensions
{
    /// <summary>The axis of questions that hold nothing new.</summary>
    public const string InDistribution = "in distribution";

    private static readonly (Novelty Part, string Axis)[] Names =
    [
        (Novelty.Words, "new words"), (Novelty.Typefaces, "new typefaces"), (Novelty.Wordings, "new wordings"),
        (Novelty.Layouts, "new layouts"), (Novelty.Icons, "new icons"), (Novelty.IconStyle, "unknown icon style"),
    ];

    /// <summary>Names of the axes along which a question is new, as <c>questions.jsonl</c> records and <c>eval</c> reports them: at least one.</summary>
    public static string[] Axes(this Novelty novelty) =>
        novelty == Novelty.None ? [InDistribution] : [.. Names.Where(name => novelty.HasFlag(name.Part)).Select(name => name.Axis)];
}
