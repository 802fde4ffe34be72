using M3.Adaptive.Core;
using M3.Adaptive.Training.DataGeneration;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>A stretch of stage 2: which questions are asked at which scales, for which share of the steps.</summary>
/// <param name="Name">As the log shows it.</param>
/// <param name="Share">Of all steps after the alignment.</param>
/// <param name="Families">Families that are asked; null: all.</param>
/// <param name="Scales">One is drawn a step, in proportion to the weight.</param>
/// <param name="OnlyReadable">Ask a question only at scales that its picture is expected to need or finer.</param>
/// <param name="Crops">Share of the steps that read 12 x 12 patches around a text instead: 144 fine tokens.</param>
/// <param name="Kinds">Kinds of pictures; null: all.</param>
internal sealed record Phase(
    string Name, double Share, string[]? Families, (int Scale, double Weight)[] Scales, bool OnlyReadable = true, double Crops = 0, string[]? Kinds = null);

/// <summary>
/// One skill at a time at the cheapest scale that shows it, then all together: mixed from the start, the model learns the
/// prior of each question and hardly looks at the picture. Lists come first: they name each object right behind its place, many
/// tokens a picture, and from them attention learns to look where it is told to. A phase that leaves a skill out forgets it, so what is learnt stays in.
/// </summary>
internal static class Curriculum
{
    private static readonly string[] Objects = [Families.List, Families.ObjectAt, Families.Where];
    private static readonly string[] Coarse = [.. Objects, Families.Background, Families.LargeObject, Families.Exists, Families.Count];

    /// <summary>What a step of crops asks.</summary>
    public static Phase Reading { get; } = new(
        "reading on crops", 0, [Families.Sign, Families.Receipt, Families.List], [(144, 1)], OnlyReadable: false, Crops: 1, Kinds: [Kinds.Sign, Kinds.Receipt]);

    public static IReadOnlyList<Phase> Phases { get; } =
    [
        new("lists of grids at 9", 0.18, [Families.List], [(9, 1)], OnlyReadable: false, Kinds: [Kinds.Grid]),
        new("grids at 9", 0.23, Objects, [(9, 1)], OnlyReadable: false, Crops: 0.1, Kinds: [Kinds.Grid]),
        new("coarse at 9", 0.26, Coarse, [(9, 1)], Crops: 0.2),
        new("coarse at 1 to 36", 0.18, Coarse, [(1, 0.5), (9, 1.5), (36, 1)], Crops: 0.2),
        new("everything at every scale", 0.15, null, [(1, 1), (9, 1.5), (36, 1.5), (144, 2), (576, 3)], OnlyReadable: false, Crops: 0.1),
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

    /// <summary>A scale of the phase, in proportion to its weights.</summary>
    public static VisualScale Draw(Phase phase, Random random)
    {
        var at = random.NextDouble() * phase.Scales.Sum(pair => pair.Weight);
        foreach (var (scale, weight) in phase.Scales)
        {
            at -= weight;
            if (at < 0) return VisualScale.Of(scale);
        }

        return VisualScale.Of(phase.Scales[^1].Scale);
    }
}
