namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A way in which a kind of picture is laid out.</summary>
/// <param name="Name">As data sets and the README name it.</param>
/// <param name="HeldOut">Shown by calibration and test alone.</param>
internal sealed record Layout(string Name, bool HeldOut = false);
