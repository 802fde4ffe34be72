using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>How often each kind of picture and each size comes: the one table that decides how many tokens a split's questions need.</summary>
internal sealed record Mix
{
    /// <summary>Weight of each kind, in the order of <see cref="Kinds.Asked"/>.</summary>
    public required double[] KindWeights { get; init; }

    /// <summary>Weights of fine (17 to 23 px), medium (24 to 38) and large (39 to 64) text.</summary>
    public required double[] TextWeights { get; init; }

    /// <summary>Share of icons drawn from the held-out pairs of concept and style.</summary>
    public double HeldOutPairs { get; init; }

    /// <summary>Share of a receipt's lines that sell a word or a code: fifty items are soon known by heart, and the others then read as one of them.</summary>
    public double StrangeItems { get; init; }

    /// <summary>Share of the questions that ask for what is not there, in families where a picture that shows some of it leaves room for that.</summary>
    public double Absent { get; init; } = 0.15;

    /// <summary>Share of the pictures that are asked a question of another kind of picture: the price of milk in a bar chart.</summary>
    public double ForeignQuestions { get; init; } = 0.3;

    /// <summary>Share of the questions in a wording that training never uses.</summary>
    public double HeldOutWordings { get; init; }

    /// <summary>Share of the pictures that are laid out as training never shows it.</summary>
    public double HeldOutLayouts { get; init; }

    /// <summary>Training, validation and routing: every size of text equally, so that reading is learnt.</summary>
    public static Mix Seen { get; } = new()
    {
        KindWeights = [0.26, 0.13, 0.13, 0.14, 0.10, 0.10, 0.14],
        TextWeights = [0.4, 0.35, 0.25],
        StrangeItems = 0.6,
    };

    /// <summary>Calibration and test: mostly coarse questions, as a service would meet them; few need every token.</summary>
    public static Mix HeldOut { get; } = new()
    {
        KindWeights = [0.31, 0.15, 0.13, 0.155, 0.06, 0.085, 0.11],
        TextWeights = [0.08, 0.50, 0.42],
        HeldOutPairs = 0.2,
        HeldOutWordings = 1 / 3.0,
        HeldOutLayouts = 0.2,
    };

    public static Mix For(Split split) => split.IsHeldOut() ? HeldOut : Seen;

    /// <summary>A font size, the largest that both the draw and <paramref name="largest"/> allow.</summary>
    public int TextSize(SeededRandom random, int largest)
    {
        var size = random.PickWeighted(TextWeights) switch
        {
            0 => random.Between(TextLine.SmallestSize, 23),
            1 => random.Between(24, 38),
            _ => random.Between(39, TextLine.LargestSize),
        };
        return Math.Max(TextLine.SmallestSize, Math.Min(size, largest));
    }
}
