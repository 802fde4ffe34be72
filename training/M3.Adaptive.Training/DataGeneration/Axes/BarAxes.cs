namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Whether bars lie, from the left.</summary>
internal sealed class BarDirections() : Axis<bool>("bars",
    ("upright", 0.65, _ => false),
    ("lying", 0.35, _ => true));

/// <summary>The highest value of a chart, and how far two values are apart at least.</summary>
internal sealed class BarDigits() : Axis<(int Lowest, int Highest, int Apart)>("values of bars",
    ("1 digit", 0.28, _ => (1, 9, 1)),
    ("up to 2 digits", 0.52, random => (5, 99, random.Between(2, 8))),
    ("up to 3 digits", 0.20, random => (50, 999, random.Between(20, 80))));

/// <summary>What a chart is measured by.</summary>
internal enum ChartAxis
{
    None,

    /// <summary>A line that the bars begin at.</summary>
    Base,

    /// <summary>Base and, at right angles to it, a line with ticks.</summary>
    Both,
}

/// <summary>The axes of a chart.</summary>
internal sealed class BarAxes() : Axis<ChartAxis>("chart's axes",
    ("none", 0.25, _ => ChartAxis.None),
    ("the base", 0.50, _ => ChartAxis.Base),
    ("base and ticks", 0.25, _ => ChartAxis.Both));
