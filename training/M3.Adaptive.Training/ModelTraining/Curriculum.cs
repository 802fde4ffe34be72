using M3.Adaptive.Training.DataGeneration;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>What one step of stage 2 asks, and of which pictures.</summary>
/// <param name="Name">As the log shows it.</param>
/// <param name="Tokens">Visual tokens; of a <see cref="TextSample"/> for lessons in reading.</param>
/// <param name="Families">Families that are asked; null: all.</param>
/// <param name="Kinds">Kinds of pictures; null: all.</param>
/// <param name="OnlyReadable">Ask a question only when its picture is expected to need no more tokens.</param>
/// <param name="FromText">Show a <see cref="TextSample"/> of the finest tokens instead of a pooled picture.</param>
internal sealed record Lesson(string Name, int Tokens, string[]? Families = null, string[]? Kinds = null, bool OnlyReadable = false, bool FromText = false);

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
/// prior of each question and hardly looks at the picture. Lists come first: they name each object right behind its place, many
/// tokens a picture, and from them attention learns to look where it is told to. A phase that leaves a skill out forgets it, so what is learnt stays in.
/// </summary>
internal static class Curriculum
{
    private static readonly string[] Objects = [Families.List, Families.ObjectAt, Families.Where];
    private static readonly string[] CoarseFamilies = [.. Objects, Families.Background, Families.LargeObject, Families.Exists, Families.Count, Families.Bars];

    private static readonly Lesson Lists = new("lists@9", 9, [Families.List], [Kinds.Grid]);
    private static readonly Lesson Grids = new("grids@9", 9, Objects, [Kinds.Grid]);
    private static readonly Lesson Signs = new("signs", 36, [Families.Sign, Families.List], [Kinds.Sign], FromText: true);
    private static readonly Lesson Texts = new("texts", 144, [Families.Sign, Families.Receipt, Families.Bars, Families.List], [Kinds.Sign, Kinds.Receipt, Kinds.Bars], FromText: true);

    public static IReadOnlyList<Phase> Phases { get; } =
    [
        new("lists of grids", 0.05, (Lists, 1)),
        new("grids", 0.09, (Grids, 1)),
        new("signs", 0.20, (Grids, 0.25), (Signs, 0.75)),
        new("coarse and reading", 0.29, (Coarse(1), 0.07), (Coarse(9), 0.28), (Coarse(36), 0.17), (Signs, 0.33), (Texts, 0.15)),
        new("everything", 0.37, (All(1), 0.08), (All(9), 0.17), (All(36), 0.17), (All(144), 0.18), (All(576), 0.2), (Signs, 0.1), (Texts, 0.1)),
    ];

    /// <summary>The phase of a step, by the phases' shares.</summary>
    public static Phase At(long step, long steps)
    {
        var done = 0.0;
        foreach (var phase in Phases)
        {
            done += phase.Share;
            if (step < done * steps) return phase;
        }

        return Phases[^1];
    }

    private static Lesson Coarse(int tokens) => new($"coarse@{tokens}", tokens, CoarseFamilies, OnlyReadable: true);

    private static Lesson All(int tokens) => new($"all@{tokens}", tokens);
}
