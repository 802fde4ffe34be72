using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using M3.Adaptive.Training.DataGeneration;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>What one step of stage 2 asks, and of which pictures.</summary>
/// <param name="Name">As the log shows it.</param>
/// <param name="Tokens">Visual tokens; of a <see cref="TextSample"/> for lessons in reading.</param>
/// <param name="Families">Families that are asked; null: all.</param>
/// <param name="Kinds">Kinds of pictures; null: all.</param>
/// <param name="OnlyReadable">Ask a question only when its picture is expected to need no more tokens.</param>
/// <param name="FromText">Show a <see cref="TextSample"/> of the finest tokens instead of a pooled picture.</param>
/// <param name="Asks">Which of the families' questions; null: all.</param>
internal sealed record Lesson(
    string Name, int Tokens, string[]? Families = null, string[]? Kinds = null, bool OnlyReadable = false, bool FromText = false, Func<Question, bool>? Asks = null);

/// <summary>A stretch of stage 2.</summary>
/// <param name="Name">As the log shows it.</param>
/// <param name="Share">Of all steps after the alignment.</param>
/// <param name="Lessons">One is drawn a step, in proportion to its weight.</param>
internal sealed record Phase(string Name, double Share, params (Lesson Lesson, double Weight)[] Lessons)
{
    /// <summary>A lesson, in proportion to the weights.</summary>
    public Lesson Draw(SeededRandom random)
    {
        var at = random.NextDouble() * Lessons.Sum(pair => pair.Weight);
        foreach (var (lesson, weight) in Lessons)
        {
            at -= weight;
            if (at < 0) return lesson;
        }

        return Lessons[^1].Lesson;
    }
}

/// <summary>
/// One skill at a time at the cheapest scale that shows it, then all together: mixed from the start, the model learns the
/// prior of each question and hardly looks at the picture. Look-ups come first: lists name each object right behind its place,
/// inventories place each object right behind its name, so attention learns in one hop to look where, and for what, it is told to.
/// Already a fifth of other lessons delays that several times over. A phase that leaves a skill out forgets it, so what is learnt stays in.
/// </summary>
internal static class Curriculum
{
    private static readonly string[] LookUpFamilies = [Families.List, Families.Inventory];
    private static readonly string[] Objects = [.. LookUpFamilies, Families.ObjectAt, Families.Where, Families.Exists];
    private static readonly string[] Extremes = ["highest", "lowest", "longest", "shortest"];
    private static readonly string[] CoarseFamilies = [.. Objects, Families.Background, Families.LargeObject, Families.Count, Families.Bars];

    private static readonly Lesson LookUps = new("look-ups@9", 9, LookUpFamilies, [Kinds.Grid]);
    private static readonly Lesson Grids = new("grids@9", 9, Objects, [Kinds.Grid]);
    private static readonly Lesson Signs = new("signs", 36, [Families.Sign, Families.List], [Kinds.Sign], FromText: true);
    private static readonly Lesson Receipts = new("receipts", 144, [Families.Receipt, .. LookUpFamilies], [Kinds.Receipt], FromText: true);
    private static readonly Lesson ShortReceipts = Receipts with { Name = "short-receipts", Tokens = 36 };
    private static readonly Lesson Bars = new("bars", 144, [Families.Bars, Families.Count, .. LookUpFamilies], [Kinds.Bars], FromText: true);

    // The ends of the bars and their values alone: heights are compared among few tokens before they are among 144.
    private static readonly Lesson FewBars = new("few-bars", 36, [Families.Bars, Families.Inventory], [Kinds.Bars], FromText: true);

    // Of one kind alone, as what needs a new way through the decoder hardly forms beside questions that are known.
    private static readonly Lesson BarHeights = new("bar-heights", 36, [Families.Bars], [Kinds.Bars], FromText: true, Asks: static question => Extremes.Contains(question.About));
    private static readonly Lesson BarValues = BarHeights with { Name = "bar-values", Asks = static question => !Extremes.Contains(question.About) };
    private static readonly Lesson Items = new("items", 36, [Families.Receipt], [Kinds.Receipt], FromText: true, Asks: static question => question.About is not "" && question.About.All(char.IsAsciiDigit));
    private static readonly Lesson Counting = new("counting", 36, [Families.Count], [Kinds.Scatter], FromText: true);

    private static readonly Lesson FewCounts = new("few-counts", 36, [Families.Count, .. LookUpFamilies], [Kinds.Scatter], FromText: true);

    private static (Lesson, double)[] Everything =>
    [
        (All(1), 0.05), (All(9), 0.1), (All(36), 0.13), (All(144), 0.2), (All(576), 0.28), (Signs, 0.06), (Receipts, 0.06), (ShortReceipts, 0.06), (Bars, 0.06),
    ];

    /// <summary>Of a whole training. Look-ups form alone; receipts, signs and counts come right behind them and stay to the end.</summary>
    public static IReadOnlyList<Phase> Phases { get; } =
    [
        new("look-ups", 0.045, (LookUps, 1)),
        new("grids", 0.065, (Grids, 0.8), (Coarse(36), 0.1), (Signs, 0.05), (ShortReceipts, 0.05)),
        new("first reading", 0.08, (ShortReceipts, 0.5), (Signs, 0.3), (Grids, 0.2)),
        new("counts", 0.07, (Counts(144), 0.4), (Counts(36), 0.25), (Grids, 0.15), (ShortReceipts, 0.1), (Signs, 0.1)),
        new("signs", 0.12, (Signs, 0.5), (ShortReceipts, 0.15), (Counts(144), 0.15), (Coarse(36), 0.1), (Grids, 0.1)),
        new("texts", 0.2, (Receipts, 0.25), (ShortReceipts, 0.1), (Bars, 0.2), (Signs, 0.2), (Coarse(9), 0.1), (Coarse(36), 0.1), (Counts(144), 0.05)),
        new("everything", 0.42, Everything),
    ];

    /// <summary>Of a model that goes on, perhaps in new words: these are learnt where a step costs little, and the texts in which they matter, then everything.</summary>
    public static IReadOnlyList<Phase> GoingOn { get; } =
    [
        new("new words", 0.3, (All(9), 0.35), (All(36), 0.2), (Signs, 0.15), (ShortReceipts, 0.2), (Bars, 0.1)),
        new("everything", 0.7, Everything),
    ];

    /// <summary>Every lesson that a training which goes on may name.</summary>
    public static IReadOnlyDictionary<string, Lesson> Named { get; } =
        new[]
        {
            LookUps, Grids, Counts(36), Counts(144), Counting, FewCounts, Signs, Items, ShortReceipts, Receipts, BarHeights, BarValues, FewBars, Bars,
            All(1), All(9), All(36), All(144), All(576),
        }.ToDictionary(lesson => lesson.Name);

    /// <summary>A phase from "lesson=weight,lesson=weight"; a weight that is left out is 1.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Phase? phase, [NotNullWhen(false)] out string? fault)
    {
        (phase, fault) = (null, null);
        var lessons = new List<(Lesson, double)>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, weight) = entry.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (entry, "1");
            if (!Named.TryGetValue(name, out var lesson))
                fault = $"there is no lesson '{name}'; there are {string.Join(", ", Named.Keys)}.";
            else if (!double.TryParse(weight, CultureInfo.InvariantCulture, out var value) || value is not (> 0 and < double.PositiveInfinity))
                fault = $"'{weight}' is no weight; expected a number above 0, as in {name}=0.5.";
            else
                lessons.Add((lesson, value));
            if (fault is not null) return false;
        }

        phase = new Phase(text, 1, [.. lessons]);
        return true;
    }

    /// <summary>The phase of a step, by the phases' shares, and how many of its steps came before.</summary>
    public static (Phase Phase, long Before) At(IReadOnlyList<Phase> phases, long step, long steps)
    {
        var (begun, done) = (0L, 0.0);
        foreach (var phase in phases)
        {
            done += phase.Share;
            if (step < done * steps) return (phase, step - begun);
            begun = (long)Math.Ceiling(done * steps);
        }

        return (phases[^1], step - begun);
    }

    private static Lesson Counts(int tokens) => new($"counts@{tokens}", tokens, [Families.Count, .. LookUpFamilies], [Kinds.Scatter]);

    private static Lesson Coarse(int tokens) => new($"coarse@{tokens}", tokens, CoarseFamilies, OnlyReadable: true);

    private static Lesson All(int tokens) => new($"all@{tokens}", tokens);
}
