using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Dense labels of a picture as the model gets to see it, squared and of 288 pixels a side: one per patch of 12 x 12 pixels, row by row: 24 x 24 = 576 entries each.</summary>
/// <param name="Class">Class of what covers the patch's centre, see <see cref="PatchClasses"/>.</param>
/// <param name="CharacterIndex">0 to 8: place of the character in its word; -1 where the class is no character.</param>
/// <param name="Anchor">Whether this is the one patch by which a thing is counted and its place told: the middle of an icon or a character, the top of a bar.</param>
public sealed record PatchLabels(short[] Class, sbyte[] CharacterIndex, bool[] Anchor)
{
    public const int PatchSide = 12;
    public const int GridSide = Scene.Side / PatchSide;
    public const int Patches = GridSide * GridSide;

    /// <summary>Units left of the picture and above it when it is squared, as the model gets to see it.</summary>
    private (double X, double Y) Pad { get; init; }

    /// <summary>Labels of what is drawn; a later mark covers an earlier one. A thing's anchor bears its class even where the thing covers no patch's centre.</summary>
    public static PatchLabels Of(Picture picture)
    {
        var labels = new PatchLabels(new short[Patches], new sbyte[Patches], new bool[Patches]) { Pad = (picture.Frame.PadX, picture.Frame.PadY) };
        labels.CharacterIndex.AsSpan().Fill(-1);
        foreach (var bar in picture.Bars) labels.Cover(Area.Between(bar.Box.X, bar.Box.Y, bar.Box.Right, bar.Box.Bottom), (short)PatchClasses.Bar, -1);
        foreach (var bar in picture.Bars) labels.AnchorAt(bar.End.X, bar.End.Y, (short)PatchClasses.Bar, -1);
        foreach (var icon in picture.Icons)
        {
            var shown = PatchClasses.OfConcept(icon.Art.Concept.Index);
            labels.Cover(icon.Ink, shown, -1);
            labels.AnchorAt(icon.Ink.CenterX, icon.Ink.CenterY, shown, -1);
        }
        foreach (var glyph in picture.Glyphs)
        {
            if (glyph.IndexInWord < 0) continue;
            var (shown, index) = (PatchClasses.OfCharacter(glyph.Character), (sbyte)glyph.IndexInWord);
            labels.Cover(glyph.Ink, shown, index);
            labels.AnchorAt(glyph.Ink.CenterX, glyph.Ink.CenterY, shown, index);
        }
        return labels;
    }

    /// <summary>Mean colour of each patch, 576 x 3 (red, green, blue) in 0..1, from the pixels that <see cref="SceneRenderer"/> drew.</summary>
    /// <exception cref="ArgumentException">The pixels are not 288 x 288 x 3, or the means not 576 x 3.</exception>
    public static void MeanRgbOf(ReadOnlySpan<byte> rgb, Span<float> means)
    {
        if (rgb.Length != Scene.Side * Scene.Side * 3) throw new ArgumentException($"Expected 288 x 288 x 3 bytes, found {rgb.Length}.", nameof(rgb));
        if (means.Length != Patches * 3) throw new ArgumentException($"Expected 576 x 3 means, found {means.Length}.", nameof(means));
        Span<int> sums = stackalloc int[GridSide * 3];
        for (var row = 0; row < GridSide; row++)
        {
            sums.Clear();
            for (var y = row * PatchSide; y < (row + 1) * PatchSide; y++)
            {
                var line = rgb.Slice(y * Scene.Side * 3, Scene.Side * 3);
                for (var i = 0; i < line.Length; i++) sums[i / (PatchSide * 3) * 3 + i % 3] += line[i];
            }
            for (var i = 0; i < sums.Length; i++) means[row * GridSide * 3 + i] = sums[i] / (255f * PatchSide * PatchSide);
        }
    }

    public static float[] MeanRgbOf(ReadOnlySpan<byte> rgb)
    {
        var means = new float[Patches * 3];
        MeanRgbOf(rgb, means);
        return means;
    }

    private void Cover(Area area, short label, sbyte index)
    {
        area = area with { CenterX = area.CenterX + Pad.X, CenterY = area.CenterY + Pad.Y };
        var (left, top, right, bottom) = area.Bounds;
        var (firstColumn, lastColumn) = CentersWithin(left, right);
        var (firstRow, lastRow) = CentersWithin(top, bottom);
        for (var row = firstRow; row <= lastRow; row++)
        {
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                if (!area.Contains((column + 0.5) * PatchSide, (row + 0.5) * PatchSide)) continue;
                Class[row * GridSide + column] = label;
                CharacterIndex[row * GridSide + column] = index;
            }
        }
    }

    private void AnchorAt(double x, double y, short label, sbyte index)
    {
        var anchor = At(x, y);
        (Class[anchor], CharacterIndex[anchor], Anchor[anchor]) = (label, index, true);
    }

    /// <summary>The patch that holds a point of the picture.</summary>
    private int At(double x, double y)
    {
        var (row, column) = (Math.Clamp((int)((y + Pad.Y) / PatchSide), 0, GridSide - 1), Math.Clamp((int)((x + Pad.X) / PatchSide), 0, GridSide - 1));
        return row * GridSide + column;
    }

    private static (int First, int Last) CentersWithin(double low, double high) =>
        (Math.Max(0, (int)Math.Ceiling((low - PatchSide / 2.0) / PatchSide)),
         Math.Min(GridSide - 1, (int)Math.Floor((high - PatchSide / 2.0) / PatchSide)));
}
