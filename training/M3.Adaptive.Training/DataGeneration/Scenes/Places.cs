using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Names of the nine places of the 3 x 3 grid that a picture is divided into, row by row.</summary>
internal static class Places
{
    /// <summary>Share of a place's width that a thing's middle keeps from its edges to lie clearly inside.</summary>
    private const double Clearance = 0.23;

    public static IReadOnlyList<string> Names { get; } =
        ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"];

    /// <summary>The place that holds the middle of an icon.</summary>
    public static int Of(Picture picture, IconMark icon)
    {
        var (x, y) = Thirds(picture, icon);
        return Math.Clamp((int)y, 0, 2) * 3 + Math.Clamp((int)x, 0, 2);
    }

    /// <summary>Whether an icon's middle lies so far inside its place that nobody would name another.</summary>
    public static bool IsClear(Picture picture, IconMark icon)
    {
        var (x, y) = Thirds(picture, icon);
        return x % 1 is > Clearance and < 1 - Clearance && y % 1 is > Clearance and < 1 - Clearance;
    }

    private static (double X, double Y) Thirds(Picture picture, IconMark icon) =>
        ((icon.X + icon.Size / 2.0) * 3 / picture.Frame.Width, (icon.Y + icon.Size / 2.0) * 3 / picture.Frame.Height);
}
