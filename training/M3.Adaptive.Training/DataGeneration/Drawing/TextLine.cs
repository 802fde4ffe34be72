namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Sizes of text, in units of the picture.</summary>
public static class TextLine
{
    public const int SmallestSize = 17;
    public const int LargestSize = 64;

    /// <summary>From one evenly spaced character to the next, for a font size of 1: at 17 units one character fills one patch of 12.</summary>
    public const double EvenAdvance = 0.72;

    /// <summary>From the baseline to the top of capitals and ascenders.</summary>
    public static double Height(double size) => 0.72 * size;

    /// <summary>Visual tokens that text should need whose characters are so wide: a pooled cell must hold little more than one of them.</summary>
    public static int ExpectedTokens(double advance) => advance switch { >= 44 => 36, >= 20 => 144, _ => 576 };
}
