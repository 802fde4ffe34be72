using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>A generated picture: what is drawn, what can be asked about it, and what lies in each patch.</summary>
/// <param name="Picture">What is drawn, back to front.</param>
/// <param name="Questions">All the questions that the picture allows; empty for packed pictures.</param>
/// <param name="Labels">What covers the centre of each patch.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
public sealed record Scene(Picture Picture, IReadOnlyList<Question> Questions, PatchLabels? Labels, string Kind)
{
    /// <summary>Width and height of every picture, in pixels.</summary>
    public const int Side = 288;
}

/// <summary>Names of the kinds of picture.</summary>
public static class Kinds
{
    public const string Grid = "grid";
    public const string LargeObject = "object";
    public const string Scatter = "scatter";
    public const string Sign = "sign";
    public const string Receipt = "receipt";
    public const string Bars = "bars";
    public const string Packed = "packed";

    /// <summary>The kinds that questions are asked about.</summary>
    public static IReadOnlyList<string> Asked { get; } = [Grid, LargeObject, Scatter, Sign, Receipt, Bars];
}
