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
/// <param name="Kind">Kind of picture; null: all.</param>
internal sealed record Phase(
    string Name, double Share, string[]? Families, (int Scale, double Weight)[] Scales, bool OnlyReadable = true, double Crops = 0, string? Kind = null);

/// <summary>
/// One skill at a time at the cheapest scale that shows it, then all together: mixed from the start, the model learns the
/// prior of each question and hardly looks at the picture. A phase that leaves a skill out forgets it, so what is learnt stays in.
/// </summary>
internal static class Curriculum
{
    private static readonly string[] Places = [Families.ObjectAt, Families.Where, Families.Background, Families.LargeObject];

    /// <summary>What a step of crops asks.</summary>
    public static Phase Reading { get; } = new("reading on crops", 0, [Families.Sign], [(144, 1)], OnlyReadable: false, Crops: 1);

    public static IReadOnlyList<Phase> Phases { get; } =
    [
        new("grids at 9", 0.20, [Families.ObjectAt, Families.Where], [(9, 1)], OnlyReadable: false, Kind: Kinds.Grid),
        new("places at 9", 0.15, Places, [(9, 1)], OnlyReadable: false),
        new("places and crops", 0.30, [.. Places, Families.Exists, Families.Count], [(1, 0.5), (9, 1.5), (36, 1)], Crops: 0.35),
        new("everything at every scale", 0.35, null, [(1, 1), (9, 1.5), (36, 1.5), (144, 2), (576, 3)], OnlyReadable: false, Crops: 0.15),
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
