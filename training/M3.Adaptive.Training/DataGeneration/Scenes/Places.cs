namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Names of the nine places of the 3 x 3 grid, row by row.</summary>
internal static class Places
{
    public const int CellSide = Scene.Side / 3;

    public static IReadOnlyList<string> Names { get; } =
        ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"];

    /// <summary>The place that holds a point.</summary>
    public static int Of(int x, int y) => y / CellSide * 3 + x / CellSide;

    /// <summary>Whether a point lies so far inside its place that nobody would name another.</summary>
    public static bool IsClear(int x, int y) => x % CellSide is > 22 and < CellSide - 22 && y % CellSide is > 22 and < CellSide - 22;
}
