namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Parts of the data, disjoint by image.</summary>
/// <remarks>
/// Train, Validation and Routing are one distribution; Calibration and Test are two random halves of another, whose words, typefaces
/// and some of whose icons (a concept in one style) the first three never show.
/// </remarks>
public enum Split
{
    Train,
    Validation,
    Routing,
    Calibration,
    Test,
}

public static class SplitExtensions
{
    /// <summary>Whether the split may show what training never sees.</summary>
    public static bool IsHeldOut(this Split split) => split is Split.Calibration or Split.Test;
}
