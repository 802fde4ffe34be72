using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>A generated picture: what is drawn, what can be asked about it, and what lies in each patch.</summary>
/// <param name="Picture">What is drawn, back to front.</param>
/// <param name="Questions">All the questions that the picture allows; empty for packed pictures.</param>
/// <param name="Labels">What covers the centre of each patch.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
public sealed record Scene(Picture Picture, IReadOnlyList<Question> Questions, PatchLabels? Labels, string Kind)
{
    /// <summary>Width and height of what the model sees of a picture, in pixels, and units of a picture's longer side.</summary>
    public const int Side = 288;

    /// <summary>Pixels of a picture's side: at least so many of the shorter, and at most so many of the longer.</summary>
    public const int ShortestPixels = 64, LongestPixels = 1024;

    /// <summary>How its parts are laid out, each by the name of its kind and of its layout; empty for packed pictures.</summary>
    public IReadOnlyList<string> Layouts { get; init; } = [];

    /// <summary>What it shows beside its icons.</summary>
    internal SceneContents Shown { get; init; } = new();
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
    public const string Mixed = "mixed";
    public const string Packed = "packed";

    /// <summary>The kinds that questions are asked about.</summary>
    public static IReadOnlyList<string> Asked { get; } = [Grid, LargeObject, Scatter, Sign, Receipt, Bars, Mixed];
}
